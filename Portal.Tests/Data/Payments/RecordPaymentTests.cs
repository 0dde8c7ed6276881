using Portal.Core.Credits;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Ledger;
using Portal.Core.Payments;

namespace Portal.Tests.Data.Payments;

public sealed class RecordPaymentTests(PaymentsWorld world) : IClassFixture<PaymentsWorld>
{
    private Task<Result<RecordedPayment>> RunAsync(RecordPaymentRequest request) =>
        world.Get<RecordPayment>().RunAsync(PaymentsWorld.Staff, request with { ReceivedAt = world.Clock.GetUtcNow().AddHours(-1) }, CancellationToken.None);

    [Fact]
    public async Task Cash_and_tax_deducted_at_source_settle_an_invoice_fully()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 118000m);
        var recorded = (await RunAsync(new RecordPaymentRequest { InvoiceId = invoice, Amount = 108000m, TdsAmount = 10000m, Reference = " UTR123 " })).Value;
        (recorded.Allocated, recorded.AccountCredit).ShouldBe((118000m, 0m));
        var paid = await world.InvoiceAsync(invoice);
        (paid.Status, paid.AmountPaid).ShouldBe((InvoiceStatus.Paid, 118000m));
        (await world.AccountAsync(organisation, LedgerAccount.Bank)).ShouldBe(108000m);
        (await world.AccountAsync(organisation, LedgerAccount.TdsReceivable)).ShouldBe(10000m);
        (await world.AccountAsync(organisation, LedgerAccount.AccountsReceivable)).ShouldBe(0m);
        (await world.PaymentsAsync(organisation)).ShouldHaveSingleItem().Reference.ShouldBe("UTR123");
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task The_rate_of_a_deduction_comes_with_it_and_the_certificate_later()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 118000m);
        (await RunAsync(new RecordPaymentRequest { InvoiceId = invoice, Amount = 118000m, TdsRate = 10 })).Failure.Field.ShouldBe("tdsAmount");
        (await RunAsync(new RecordPaymentRequest { InvoiceId = invoice, Amount = 108000m, TdsAmount = 10000m, TdsRate = 101 })).Failure.Field.ShouldBe("tdsRate");
        var recorded = (await RunAsync(new RecordPaymentRequest { InvoiceId = invoice, Amount = 108000m, TdsAmount = 10000m, TdsRate = 10 })).Value;

        var certify = world.Get<CertifyTds>();
        (await certify.RunAsync(PaymentsWorld.Staff, new TdsCertificateInput(recorded.PaymentId, null, " "), CancellationToken.None)).Failure.Field.ShouldBe("certificate");
        (await certify.RunAsync(PaymentsWorld.Staff, new TdsCertificateInput(recorded.PaymentId, 101, new string('A', 51)), CancellationToken.None)).Failures.Select(failure => failure.Field).ShouldBe(["rate", "certificate"]);
        (await certify.RunAsync(PaymentsWorld.Customer(organisation.Id), new TdsCertificateInput(recorded.PaymentId, null, "ABCDEF"), CancellationToken.None)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await certify.RunAsync(PaymentsWorld.Staff, new TdsCertificateInput(recorded.PaymentId, null, "ABCDEF"), CancellationToken.None)).Failures.ShouldBeEmpty();

        var payment = (await world.PaymentsAsync(organisation)).ShouldHaveSingleItem();
        (payment.TdsRate, payment.TdsCertificate).ShouldBe((10m, "ABCDEF"));
        var cash = (await RunAsync(new RecordPaymentRequest { InvoiceId = await world.InvoiceAsync(organisation, 10m), Amount = 10m })).Value;
        (await certify.RunAsync(PaymentsWorld.Staff, new TdsCertificateInput(cash.PaymentId, null, "ABCDEF"), CancellationToken.None)).Failure.Code.ShouldBe("no_tds");
    }

    [Fact]
    public async Task A_part_leaves_the_rest_due_and_a_surplus_becomes_account_credit()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        await RunAsync(new RecordPaymentRequest { InvoiceId = invoice, Amount = 40m, Method = PaymentMethod.Cash });
        (await world.InvoiceAsync(invoice)).Status.ShouldBe(InvoiceStatus.PartiallyPaid);
        var second = (await RunAsync(new RecordPaymentRequest { InvoiceId = invoice, Amount = 75m, Method = PaymentMethod.Cheque })).Value;
        (second.Allocated, second.AccountCredit).ShouldBe((60m, 15m));
        (await world.CreditAsync(organisation)).ShouldBe(15m);
        (await world.AccountAsync(organisation, LedgerAccount.CashOnHand)).ShouldBe(115m);
        (await RunAsync(new RecordPaymentRequest { InvoiceId = invoice, Amount = 1m })).Failure.Code.ShouldBe("invoice_not_open");
        var view = (await world.Get<GetAccountCredit>().RunAsync(PaymentsWorld.Customer(organisation.Id), organisation.Id, new ListRequest { WithTotal = true }, CancellationToken.None)).Value;
        view.Balances.ShouldBe([new AccountCreditAmount("INR", 15m)]);
        var movement = view.Movements.Items.ShouldHaveSingleItem();
        (movement.Amount, movement.BalanceAfter, movement.Reason).ShouldBe((15m, 15m, CreditReasons.Overpayment));
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Without_an_invoice_the_oldest_due_is_settled_first()
    {
        var organisation = await world.OrganisationAsync();
        var late = await world.InvoiceAsync(organisation, 100m, dueInDays: 30);
        var early = await world.InvoiceAsync(organisation, 60m, dueInDays: 5);
        var foreign = await world.InvoiceAsync(organisation, 10m, "USD", dueInDays: 1);
        var recorded = (await RunAsync(new RecordPaymentRequest { OrganisationId = organisation.Id, Amount = 90m })).Value;
        recorded.Invoices.Select(part => (part.InvoiceId, part.Amount)).ShouldBe([(early, 60m), (late, 30m)]);
        (await world.InvoiceAsync(foreign)).AmountPaid.ShouldBe(0m);
        (await RunAsync(new RecordPaymentRequest { OrganisationId = organisation.Id, Amount = 100m })).Value.AccountCredit.ShouldBe(30m);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Ten_at_once_never_settle_more_than_is_due()
    {
        var organisation = await world.OrganisationAsync();
        var invoices = new[] { await world.InvoiceAsync(organisation, 100m), await world.InvoiceAsync(organisation, 100m) };
        await Task.WhenAll(Enumerable.Range(0, 10).Select(index => RunAsync(index % 2 == 0
            ? new RecordPaymentRequest { OrganisationId = organisation.Id, Amount = 50m }
            : new RecordPaymentRequest { InvoiceId = invoices[index / 2 % 2], Amount = 50m })));
        foreach (var invoice in invoices)
            (await world.InvoiceAsync(invoice)).AmountPaid.ShouldBe(100m);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task What_can_t_be_is_refused_by_field_and_nothing_is_written()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        async Task<string?> FieldAsync(RecordPaymentRequest request) => (await RunAsync(request with { InvoiceId = invoice })).Failure.Field;
        (await FieldAsync(new RecordPaymentRequest { Amount = 0m })).ShouldBe("amount");
        (await FieldAsync(new RecordPaymentRequest { Amount = -1m })).ShouldBe("amount");
        (await FieldAsync(new RecordPaymentRequest { Amount = 1.001m })).ShouldBe("amount");
        (await FieldAsync(new RecordPaymentRequest { Amount = 1m, TdsAmount = 100.01m })).ShouldBe("tdsAmount");
        (await FieldAsync(new RecordPaymentRequest { Amount = 1m, Method = PaymentMethod.Razorpay })).ShouldBe("method");
        (await FieldAsync(new RecordPaymentRequest { Amount = 1m, Reference = new string('x', 101) })).ShouldBe("reference");
        (await world.Get<RecordPayment>().RunAsync(PaymentsWorld.Staff, new RecordPaymentRequest { InvoiceId = invoice, Amount = 1m, ReceivedAt = world.Clock.GetUtcNow().AddDays(2) }, CancellationToken.None))
            .Failure.Field.ShouldBe("receivedAt");
        (await world.Get<RecordPayment>().RunAsync(PaymentsWorld.Customer(organisation.Id), new RecordPaymentRequest { InvoiceId = invoice, Amount = 1m }, CancellationToken.None))
            .Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await RunAsync(new RecordPaymentRequest { InvoiceId = Guid.CreateVersion7(), Amount = 1m })).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await RunAsync(new RecordPaymentRequest { OrganisationId = Guid.CreateVersion7(), Amount = 1m })).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await world.PaymentsAsync(organisation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Lists_balances_and_the_trial_balance_show_what_was_booked_to_those_who_may_see_it()
    {
        var organisation = await world.OrganisationAsync();
        var stranger = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        await RunAsync(new RecordPaymentRequest { InvoiceId = invoice, Amount = 70m, Reference = "Cheque 77" });
        await RunAsync(new RecordPaymentRequest { InvoiceId = invoice, Amount = 50m });
        var list = world.Get<ListPayments>();
        var first = (await list.RunAsync(PaymentsWorld.Customer(organisation.Id), new PaymentFilter(InvoiceId: invoice), new ListRequest { Take = 1, WithTotal = true }, CancellationToken.None)).Value;
        (first.Total, first.HasMore, first.Items.Count).ShouldBe((2, true, 1));
        var rest = (await list.RunAsync(PaymentsWorld.Customer(organisation.Id), new PaymentFilter(), new ListRequest { Take = 1, After = first.Items[0].Id }, CancellationToken.None)).Value;
        (rest.HasMore, rest.Items.ShouldHaveSingleItem().Id).ShouldNotBe((true, first.Items[0].Id));
        (await list.RunAsync(PaymentsWorld.Staff, new PaymentFilter(organisation.Id), new ListRequest { Search = "cheque 77", Sort = "amount", Descending = true }, CancellationToken.None))
            .Value.Items.ShouldHaveSingleItem().Amount.ShouldBe(70m);
        (await list.RunAsync(PaymentsWorld.Customer(stranger.Id), new PaymentFilter(organisation.Id), new ListRequest(), CancellationToken.None)).Value.Items.ShouldBeEmpty();

        var details = (await world.Get<GetPayment>().RunAsync(PaymentsWorld.Customer(organisation.Id), first.Items[0].Id, CancellationToken.None)).Value;
        details.Parts.ShouldHaveSingleItem().InvoiceId.ShouldBe(invoice);
        (await world.Get<GetPayment>().RunAsync(PaymentsWorld.Customer(stranger.Id), first.Items[0].Id, CancellationToken.None)).Failure.Kind.ShouldBe(FailureKind.NotFound);

        var balance = (await world.Get<GetOrganisationBalance>().RunAsync(PaymentsWorld.Customer(organisation.Id), organisation.Id, CancellationToken.None)).Value.ShouldHaveSingleItem();
        balance.ShouldBe(new OrganisationBalance("INR", 0m, 20m, 0m, 0));
        var trial = (await world.Get<TrialBalance>().RunAsync(PaymentsWorld.Staff, organisation.Id, CancellationToken.None)).Value.Currencies.ShouldHaveSingleItem();
        trial.Balances.ShouldBeTrue();
        trial.Accounts.Single(account => account.Account == LedgerAccount.Bank).Balance.ShouldBe(120m);
        (await world.Get<TrialBalance>().RunAsync(PaymentsWorld.Staff, null, CancellationToken.None)).Value.Currencies.ShouldAllBe(currency => currency.Balances);
        (await world.Get<TrialBalance>().RunAsync(PaymentsWorld.Customer(organisation.Id), null, CancellationToken.None)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }
}
