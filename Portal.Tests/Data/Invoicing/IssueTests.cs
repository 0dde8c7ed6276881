using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Credits;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Tests.Data.BillingRuns;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.Invoicing;

public sealed class IssueTests : IAsyncLifetime
{
    private readonly BillingWorld _world = new();

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        await _world.PriceAsync("api_calls", 1);
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_issued_invoice_has_a_number_copies_a_due_date_and_its_ledger_entry()
    {
        var invoice = await DraftAsync();

        (await _world.Get<IssueInvoice>().RunAsync(_world.Staff, invoice, default)).Value.ShouldBe("INV/26-27/000001");

        var details = (await _world.Get<GetInvoice>().RunAsync(_world.Staff, invoice, default)).Value;
        details.Invoice.Status.ShouldBe(InvoiceStatus.Issued);
        details.Invoice.IssuedAt.ShouldBe(_world.Clock.Now);
        // 15 days after 3 November, at the end of the day in India.
        details.Invoice.DueAt.ShouldBe(new DateTimeOffset(2026, 11, 18, 18, 29, 59, 999, TimeSpan.Zero).AddMicroseconds(999));
        details.Seller!.LegalName.ShouldBe("Example Seller Pvt Ltd");
        details.Customer!.Name.ShouldBe(details.OrganisationName);
        details.Timeline.Select(entry => entry.Action).ShouldBe(["invoice.drafted", "invoice.issued"]);
        (await LedgerAsync("invoice.issued")).ShouldBe("accounts_receivable 118 0, revenue 0 100, tax_payable 0 18");
        (await _world.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE kind = 'invoice.issued' AND subject_id = $1", invoice)).ShouldBe(1);
    }

    [Fact]
    public async Task Issuing_again_is_refused_for_one_and_skipped_in_bulk()
    {
        var invoice = await DraftAsync();
        await _world.Get<IssueInvoice>().RunAsync(_world.Staff, invoice, default);

        (await _world.Get<IssueInvoice>().RunAsync(_world.Staff, invoice, default)).Failure.Code.ShouldBe("invoice_already_issued");
        (await _world.Get<IssueInvoices>().RunAsync(_world.Staff, new IssueInvoicesRequest { InvoiceIds = [invoice] }, default)).Value.ShouldBe(new IssueOutcome(0, 1));
        (await _world.Get<IssueInvoices>().RunAsync(_world.Staff, new IssueInvoicesRequest { Month = October }, default)).Value.ShouldBe(new IssueOutcome(0, 0));
        (await _world.ScalarAsync<long>("SELECT last_number FROM number_series")).ShouldBe(1);
    }

    [Fact]
    public async Task Two_hundred_issued_at_once_around_the_turn_of_the_year_leave_no_gap_in_either_series()
    {
        for (var index = 0; index < 200; index++)
            await _world.BillableAsync();
        await _world.RunAsync(October);
        var invoices = (await _world.InvoicesAsync()).Select(invoice => invoice.Id).ToList();
        // 31 March 2027 23:59:59 in India, and a second later; each issue reads the clock when it comes to it.
        var midnight = new DateTimeOffset(2027, 3, 31, 18, 30, 0, TimeSpan.Zero);
        var clock = new TurningClock(midnight);
        await using var node = _world.Build(services => services.AddSingleton<TimeProvider>(clock));

        await Parallel.ForEachAsync(invoices, new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (invoice, stop) =>
            (await node.GetRequiredService<IssueInvoice>().RunAsync(_world.Staff, invoice, stop)).Succeeded.ShouldBeTrue());

        var issued = await _world.InvoicesAsync();
        issued.ShouldAllBe(invoice => invoice.Number!.Length <= 16);
        foreach (var (year, before) in new[] { ("26-27", true), ("27-28", false) })
        {
            var series = issued.Where(invoice => invoice.IssuedAt < midnight == before).OrderBy(invoice => invoice.Number, StringComparer.Ordinal).ToList();
            series.Count.ShouldBeGreaterThan(20);
            series.Select(invoice => invoice.Number).ShouldBe(Enumerable.Range(1, series.Count).Select(number => $"INV/{year}/{number:000000}"));
        }

        var proofs = (await _world.Get<NumberSeriesProof>().RunAsync(_world.Staff, default)).Value;
        proofs.Select(proof => proof.FinancialYear).ShouldBe(["26-27", "27-28"]);
        proofs.ShouldAllBe(proof => proof.Missing == 0 && proof.Voided == 0);
        proofs.Sum(proof => proof.Count).ShouldBe(200);
    }

    [Fact]
    public async Task What_is_undone_takes_no_number()
    {
        var invoice = await DraftAsync();
        await using (var db = await _world.Store.OpenAsync(_world.Staff.Scope, default))
        {
            (await _world.Get<IInvoiceBulk>().TakeNumbersAsync(db, "INV", "26-27", 3, default)).ShouldBe(1);
        }

        (await _world.Get<IssueInvoice>().RunAsync(_world.Staff, invoice, default)).Value.ShouldBe("INV/26-27/000001");
    }

    [Fact]
    public async Task Account_credit_is_used_when_an_invoice_is_issued()
    {
        var (first, second) = (await DraftAsync(), await DraftAsync());
        var organisation = (await _world.InvoicesAsync()).Single(invoice => invoice.Id == first).OrganisationId;
        await CreditAsync(organisation, 50);

        await _world.IssueAllAsync(October);

        var invoices = await _world.InvoicesAsync();
        var paid = invoices.Single(invoice => invoice.Id == first);
        (paid.Status, paid.AmountPaid, paid.AmountDue).ShouldBe((InvoiceStatus.PartiallyPaid, 50m, 68m));
        invoices.Single(invoice => invoice.Id == second).AmountPaid.ShouldBe(0);
        (await LedgerAsync("account_credit.applied")).ShouldBe("customer_credit 50 0, accounts_receivable 0 50");
        (await _world.ScalarAsync<decimal>("SELECT balance FROM account_credit_balances")).ShouldBe(0);
        var details = (await _world.Get<GetInvoice>().RunAsync(_world.Staff, first, default)).Value;
        details.Payments.ShouldHaveSingleItem().Amount.ShouldBe(50);
    }

    [Fact]
    public async Task A_void_invoice_keeps_its_number_and_frees_its_month()
    {
        var invoice = await DraftAsync();
        (await _world.Get<VoidInvoice>().RunAsync(_world.Staff, new VoidInvoiceRequest(invoice, "wrong address"), default)).Failure.Code.ShouldBe("invoice_not_voidable");
        await _world.IssueAllAsync(October);

        (await _world.Get<VoidInvoice>().RunAsync(_world.Staff, new VoidInvoiceRequest(invoice, " "), default)).Failure.Field.ShouldBe("reason");
        (await _world.Get<VoidInvoice>().RunAsync(_world.Staff, new VoidInvoiceRequest(invoice, "wrong address"), default)).Succeeded.ShouldBeTrue();

        (await _world.ScalarAsync<decimal>("SELECT sum(debit - credit) FROM ledger_entries WHERE account = 'accounts_receivable'")).ShouldBe(0);
        (await _world.Get<VoidInvoice>().RunAsync(_world.Staff, new VoidInvoiceRequest(invoice, "again"), default)).Failure.Code.ShouldBe("invoice_not_voidable");
        await _world.RunAsync(October, autoIssue: true);
        (await _world.InvoicesAsync()).OrderBy(found => found.Number).Select(found => (found.Status, found.Number)).ShouldBe([(InvoiceStatus.Void, "INV/26-27/000001"), (InvoiceStatus.Issued, "INV/26-27/000002")]);
        (await _world.Get<NumberSeriesProof>().RunAsync(_world.Staff, default)).Value.ShouldHaveSingleItem().ShouldBe(new SeriesProof("INV", "26-27", "INV/26-27/000001", "INV/26-27/000002", 2, 1, 0));
    }

    [Fact]
    public async Task Something_paid_can_not_be_voided()
    {
        var invoice = await DraftAsync();
        await CreditAsync((await _world.InvoicesAsync())[0].OrganisationId, 1);
        await _world.IssueAllAsync(October);

        (await _world.Get<VoidInvoice>().RunAsync(_world.Staff, new VoidInvoiceRequest(invoice, "mistake"), default)).Failure.Message.ShouldBe("This invoice has payments. Only an unpaid invoice can be voided.");
    }

    [Fact]
    public async Task An_invoice_is_overdue_once_its_last_day_has_passed()
    {
        await DraftAsync();
        await _world.IssueAllAsync(October);
        var due = (await _world.InvoicesAsync())[0].DueAt!.Value;

        _world.Clock.Now = due;
        (await _world.Get<MarkOverdueInvoices>().RunAsync(_world.Staff, default)).ShouldBe(0);
        _world.Clock.Now = due.AddSeconds(1);
        (await _world.Get<MarkOverdueInvoices>().RunAsync(_world.Staff, default)).ShouldBe(1);
        (await _world.Get<MarkOverdueInvoices>().RunAsync(_world.Staff, default)).ShouldBe(0);

        var invoice = (await _world.InvoicesAsync())[0];
        invoice.Status.ShouldBe(InvoiceStatus.Overdue);
        (await _world.Get<GetInvoice>().RunAsync(_world.Staff, invoice.Id, default)).Value.Timeline[^1].Action.ShouldBe("invoice.overdue");
    }

    [Fact]
    public async Task A_draft_can_be_thrown_away_and_an_issued_invoice_not()
    {
        var invoice = await DraftAsync();

        (await _world.Get<DiscardDraft>().RunAsync(_world.Staff, invoice, default)).Succeeded.ShouldBeTrue();
        (await _world.InvoicesAsync()).ShouldBeEmpty();
        await _world.RunAsync(October, autoIssue: true);
        var issued = (await _world.InvoicesAsync())[0].Id;
        (await _world.Get<DiscardDraft>().RunAsync(_world.Staff, issued, default)).Failure.Code.ShouldBe("invoice_already_issued");
    }

    [Theory]
    [InlineData("UPDATE invoices SET total = total + 1, subtotal = subtotal + 1")]
    [InlineData("UPDATE invoices SET number = 'INV/26-27/000009'")]
    [InlineData("UPDATE invoices SET status = 'draft'")]
    [InlineData("UPDATE invoices SET customer = '{}'")]
    [InlineData("DELETE FROM invoices")]
    [InlineData("UPDATE invoice_lines SET amount = amount + 1")]
    [InlineData("DELETE FROM invoice_lines")]
    [InlineData("UPDATE invoice_taxes SET rate = 1")]
    [InlineData("INSERT INTO invoice_taxes SELECT invoice_id, 2, organisation_id, name, rate, base, 0 FROM invoice_taxes")]
    [InlineData("UPDATE invoices SET amount_paid = total + 1")]
    [InlineData("UPDATE ledger_entries SET debit = 1")]
    public async Task The_database_refuses_to_change_what_is_issued(string sql)
    {
        await DraftAsync();
        await _world.IssueAllAsync(October);

        var refused = await Should.ThrowAsync<PostgresException>(() => _world.SqlAsync(sql));
        refused.SqlState.ShouldBeOneOf(PostgresErrorCodes.RestrictViolation, PostgresErrorCodes.CheckViolation);
    }

    [Theory]
    [InlineData("UPDATE invoices SET subtotal = subtotal + 1, total = total + 1")]
    [InlineData("UPDATE invoice_lines SET amount = amount + 1")]
    [InlineData("DELETE FROM invoice_lines")]
    [InlineData("DELETE FROM invoice_taxes")]
    public async Task The_database_refuses_a_draft_whose_parts_do_not_sum(string sql)
    {
        await DraftAsync();
        (await Should.ThrowAsync<PostgresException>(() => _world.SqlAsync(sql))).SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
    }

    [Fact]
    public async Task Another_organisation_finds_neither_the_invoice_nor_any_draft()
    {
        var issued = await DraftAsync();
        await _world.IssueAllAsync(October);
        var draft = await DraftAsync();
        var own = await _world.InvoicesAsync();
        var owner = own.Single(invoice => invoice.Id == issued).OrganisationId;
        var (customer, stranger) = (_world.Customer(owner), _world.Customer(own.Single(invoice => invoice.Id == draft).OrganisationId));

        (await _world.Get<GetInvoice>().RunAsync(customer, issued, default)).Value.Invoice.Id.ShouldBe(issued);
        (await _world.Get<GetInvoice>().RunAsync(stranger, issued, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await _world.Get<GetInvoice>().RunAsync(stranger, draft, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await _world.Get<DeriveInvoiceAgain>().RunAsync(stranger, issued, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await _world.Get<ListInvoices>().RunAsync(customer, new InvoiceFilter(), new ListRequest(), default)).Value.Items.ShouldHaveSingleItem().Id.ShouldBe(issued);
        (await _world.Get<ListInvoices>().RunAsync(stranger, new InvoiceFilter(), new ListRequest(), default)).Value.Items.ShouldBeEmpty();
        (await _world.Get<VoidInvoice>().RunAsync(customer, new VoidInvoiceRequest(issued, "no"), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<IssueInvoice>().RunAsync(customer, issued, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task Invoices_are_listed_filtered_sorted_and_paged()
    {
        for (var index = 0; index < 5; index++)
            await DraftAsync(10 + index);
        var first = (await _world.InvoicesAsync()).MinBy(invoice => invoice.Total)!;
        await _world.Get<IssueInvoice>().RunAsync(_world.Staff, first.Id, default);
        var list = _world.Get<ListInvoices>();

        var page = (await list.RunAsync(_world.Staff, new InvoiceFilter(), new ListRequest { Take = 2, Skip = 1, Sort = "total", WithTotal = true }, default)).Value;
        page.Items.Select(invoice => invoice.Subtotal).ShouldBe([11m, 12m]);
        (page.HasMore, page.Total).ShouldBe((true, 5));
        (await list.RunAsync(_world.Staff, new InvoiceFilter { Status = InvoiceStatus.Issued, Month = October }, new ListRequest { Search = "27/000001" }, default)).Value.Items.ShouldHaveSingleItem().Id.ShouldBe(first.Id);
        (await list.RunAsync(_world.Staff, new InvoiceFilter { Open = true }, new ListRequest(), default)).Value.Items.Count.ShouldBe(1);
        (await list.RunAsync(_world.Staff, new InvoiceFilter { Held = true }, new ListRequest(), default)).Value.Items.ShouldBeEmpty();
        foreach (var sort in (string[])["number", "organisation", "month", "total", "amountDue", "issuedAt", "dueAt"])
            (await list.RunAsync(_world.Staff, new InvoiceFilter(), new ListRequest { Sort = sort, Descending = true }, default)).Value.Items.Count.ShouldBe(5);

        var seen = new List<Guid>();
        for (PagedList<InvoiceSummary>? part = null; part is not { HasMore: false };)
        {
            part = (await list.RunAsync(_world.Staff, new InvoiceFilter(), new ListRequest { Take = 2, After = seen.Count == 0 ? null : seen[^1] }, default)).Value;
            seen.AddRange(part.Items.Select(invoice => invoice.Id));
        }

        seen.Distinct().Count().ShouldBe(5);
    }

    private async Task<Guid> DraftAsync(decimal quantity = 100)
    {
        var organisation = await _world.BillableAsync(quantity: quantity);
        await _world.RunAsync(October, organisationId: organisation);
        _world.Clock.Now = _world.Clock.Now.AddSeconds(1);
        return (await _world.InvoicesAsync(organisation)).Single().Id;
    }

    private async Task CreditAsync(Guid organisation, decimal amount)
    {
        await using var db = await _world.Store.OpenAsync(_world.Staff.Scope, default);
        await _world.Get<IInvoiceBulk>().MoveCreditAsync(db, [new CreditMovement(organisation, "INR", amount, "granted", Guid.CreateVersion7(_world.Clock.Now))], _world.Clock.Now, default);
        await db.CommitAsync(default);
    }

    private Task<string> LedgerAsync(string kind) => _world.ScalarAsync<string>(
        "SELECT string_agg(account || ' ' || trim_scale(debit) || ' ' || trim_scale(credit), ', ' ORDER BY position) FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id WHERE t.kind = $1", kind);

    // Stands just before midnight until it has been read two hundred times, and just after it from then on.
    private sealed class TurningClock(DateTimeOffset midnight) : TimeProvider
    {
        private int _read;

        public override DateTimeOffset GetUtcNow() => Interlocked.Increment(ref _read) <= 200 ? midnight.AddSeconds(-1) : midnight;
    }
}
