using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Currencies;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Ledger;
using Portal.Core.Organisations;
using Portal.Core.Payments;

namespace Portal.Tests.Data.Payments;

public sealed class SettlementTests(PaymentsWorld world) : IClassFixture<PaymentsWorld>
{
    private async Task<(Organisation Organisation, Guid Invoice, CheckoutSession Session)> OpenAsync(decimal total = 118000m, decimal? amount = null)
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, total);
        return (organisation, invoice, await world.StartAsync(organisation, invoice, amount));
    }

    private async Task<Settlement> SettleAsync(CheckoutSession session, GatewayPayment seen) =>
        (await world.Get<SettlePayment>().RunAsync(PaymentsWorld.System, session.OrderId, seen, CancellationToken.None)).Value;

    public static TheoryData<string> Permutations()
    {
        var data = new TheoryData<string>();
        foreach (var order in Permute(["authorized", "captured", "failed", "paid", "captured"]).Distinct(StringComparer.Ordinal))
            data.Add(order);
        return data;

        static IEnumerable<string> Permute(string[] items) => items.Length == 1
            ? items
            : items.SelectMany((item, index) => Permute([.. items[..index], .. items[(index + 1)..]]).Select(rest => $"{item} {rest}"));
    }

    [Theory]
    [MemberData(nameof(Permutations))]
    public async Task Snapshots_that_arrive_in_any_order_end_in_the_same_state(string order)
    {
        var (organisation, invoice, session) = await OpenAsync();
        var payment = world.Gateway.Pay(session.ProviderOrderId);
        foreach (var word in order.Split(' '))
        {
            await SettleAsync(session, FakeGateway.As(payment, word switch
            {
                "authorized" => GatewayPaymentStatus.Authorized,
                "failed" => GatewayPaymentStatus.Failed,
                _ => GatewayPaymentStatus.Captured,
            }));
        }

        await ShouldBePaidOnceAsync(organisation, invoice, 118000m);
    }

    [Theory]
    [MemberData(nameof(Permutations))]
    public async Task Webhooks_that_arrive_in_any_order_end_in_the_same_state(string order)
    {
        var (organisation, invoice, session) = await OpenAsync();
        var payment = world.Gateway.Pay(session.ProviderOrderId);
        var count = 0;
        foreach (var word in order.Split(' '))
        {
            await world.ReceiveAsync(word == "paid" ? "order.paid" : $"payment.{word}", payment, $"evt_{session.OrderId:n}_{count++}");
            await world.WorkEventsOffAsync();
        }

        await ShouldBePaidOnceAsync(organisation, invoice, 118000m);
    }

    [Fact]
    public async Task Events_that_arrive_while_the_provider_s_truth_still_moves_follow_it()
    {
        var (organisation, invoice, session) = await OpenAsync();
        var payment = world.Gateway.Pay(session.ProviderOrderId, GatewayPaymentStatus.Failed);
        await world.ReceiveAsync("payment.failed", payment, $"evt_{session.OrderId:n}_1");
        await world.WorkEventsOffAsync();
        (await world.PaymentsAsync(organisation)).ShouldHaveSingleItem().Status.ShouldBe(PaymentStatus.Failed);
        world.Gateway.Move(payment.Id, GatewayPaymentStatus.Authorized);
        await world.ReceiveAsync("payment.authorized", payment, $"evt_{session.OrderId:n}_2");
        await world.WorkEventsOffAsync();
        (await world.PaymentsAsync(organisation)).ShouldHaveSingleItem().Status.ShouldBe(PaymentStatus.Authorized);
        world.Gateway.Move(payment.Id, GatewayPaymentStatus.Captured);
        await world.ReceiveAsync("payment.captured", payment, $"evt_{session.OrderId:n}_3");
        await world.WorkEventsOffAsync();
        await ShouldBePaidOnceAsync(organisation, invoice, 118000m);
    }

    [Fact]
    public async Task The_same_webhook_twenty_times_at_once_has_one_effect()
    {
        var (organisation, invoice, session) = await OpenAsync();
        var payment = world.Gateway.Pay(session.ProviderOrderId);
        var receipts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.ReceiveAsync("payment.captured", payment, $"evt_{session.OrderId:n}")));
        receipts.Count(receipt => receipt.Value.IsNew).ShouldBe(1);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.WorkEventsOffAsync()));
        await ShouldBePaidOnceAsync(organisation, invoice, 118000m);
    }

    [Fact]
    public async Task Callback_webhooks_and_reconciliation_at_the_same_moment_book_once()
    {
        var (organisation, invoice, session) = await OpenAsync();
        var payment = world.Gateway.Pay(session.ProviderOrderId);
        foreach (var index in Enumerable.Range(0, 5))
            await world.ReceiveAsync("payment.captured", payment, $"evt_{session.OrderId:n}_{index}");
        var request = new ConfirmCheckoutRequest(session.ProviderOrderId, payment.Id, FakeGateway.CheckoutSignature(session.ProviderOrderId, payment.Id));
        await Task.WhenAll(Enumerable.Range(0, 5).SelectMany(_ => new[]
        {
            world.WorkEventsOffAsync(),
            world.Get<ConfirmCheckout>().RunAsync(PaymentsWorld.Customer(organisation.Id), request, CancellationToken.None),
            world.Get<ReconcileOrder>().RunAsync(PaymentsWorld.System, session.OrderId, CancellationToken.None),
        }));
        await ShouldBePaidOnceAsync(organisation, invoice, 118000m);
    }

    [Fact]
    public async Task A_forged_webhook_leaves_no_row()
    {
        var (_, _, session) = await OpenAsync();
        var payment = world.Gateway.Pay(session.ProviderOrderId);
        var before = await world.ReadAsync(db => db.ProviderEvents.CountAsync());
        var body = FakeGateway.Event("payment.captured", payment);
        var changed = body.ToArray();
        changed[^2] ^= 1;
        foreach (var signature in new[] { null, "", "00", FakeGateway.WebhookSignature("other"u8) })
            (await world.Get<ReceiveWebhook>().RunAsync(body, signature, "evt_forged", CancellationToken.None)).Failure.Code.ShouldBe("invalid_signature");
        (await world.Get<ReceiveWebhook>().RunAsync(changed, FakeGateway.WebhookSignature(body), "evt_forged", CancellationToken.None)).Failure.Code.ShouldBe("invalid_signature");
        (await world.ReadAsync(db => db.ProviderEvents.CountAsync())).ShouldBe(before);
    }

    [Fact]
    public async Task A_webhook_without_an_id_is_known_by_its_body()
    {
        var (_, _, session) = await OpenAsync();
        var body = FakeGateway.Event("payment.captured", world.Gateway.Pay(session.ProviderOrderId));
        (await world.Get<ReceiveWebhook>().RunAsync(body, FakeGateway.WebhookSignature(body), null, CancellationToken.None)).Value.IsNew.ShouldBeTrue();
        (await world.Get<ReceiveWebhook>().RunAsync(body, FakeGateway.WebhookSignature(body), " ", CancellationToken.None)).Value.IsNew.ShouldBeFalse();
        await world.WorkEventsOffAsync();
    }

    [Fact]
    public async Task A_late_capture_after_a_failure_pays()
    {
        var (organisation, invoice, session) = await OpenAsync();
        var payment = world.Gateway.Pay(session.ProviderOrderId, GatewayPaymentStatus.Failed);
        (await SettleAsync(session, payment)).Status.ShouldBe(PaymentStatus.Failed);
        await SettleAsync(session, world.Gateway.Move(payment.Id, GatewayPaymentStatus.Captured));
        await ShouldBePaidOnceAsync(organisation, invoice, 118000m);
    }

    [Fact]
    public async Task A_second_captured_payment_of_a_paid_invoice_becomes_account_credit()
    {
        var (organisation, invoice, session) = await OpenAsync();
        await SettleAsync(session, world.Gateway.Pay(session.ProviderOrderId));
        await SettleAsync(session, world.Gateway.Pay(session.ProviderOrderId));
        (await world.InvoiceAsync(invoice)).AmountPaid.ShouldBe(118000m);
        (await world.CreditAsync(organisation)).ShouldBe(118000m);
        (await world.AccountAsync(organisation, LedgerAccount.ProviderClearing)).ShouldBe(236000m);
        (await world.AccountAsync(organisation, LedgerAccount.CustomerCredit)).ShouldBe(-118000m);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Money_for_a_void_invoice_becomes_account_credit_whole()
    {
        var (organisation, invoice, session) = await OpenAsync(500m);
        await using (var db = await world.Store.OpenAsync(PaymentsWorld.System.Scope, CancellationToken.None))
        {
            (await db.LockAsync<Invoice>(invoice, CancellationToken.None))!.MarkVoid("mistake", world.Clock.GetUtcNow());
            await db.CommitAsync(CancellationToken.None);
        }

        await SettleAsync(session, world.Gateway.Pay(session.ProviderOrderId));
        (await world.CreditAsync(organisation)).ShouldBe(500m);
        (await world.InvoiceAsync(invoice)).Status.ShouldBe(InvoiceStatus.Void);
        (await world.OrdersAsync(invoice)).ShouldHaveSingleItem().Status.ShouldBe(PaymentOrderStatus.Paid);
    }

    [Fact]
    public async Task Parts_paid_one_after_another_settle_the_invoice()
    {
        var (organisation, invoice, first) = await OpenAsync(100m, 30m);
        await SettleAsync(first, world.Gateway.Pay(first.ProviderOrderId));
        (await world.InvoiceAsync(invoice)).Status.ShouldBe(InvoiceStatus.PartiallyPaid);
        var second = await world.StartAsync(organisation, invoice);
        second.Amount.ShouldBe(70m);
        await SettleAsync(second, world.Gateway.Pay(second.ProviderOrderId));
        var paid = await world.InvoiceAsync(invoice);
        (paid.Status, paid.AmountDue).ShouldBe((InvoiceStatus.Paid, 0m));
        (await world.PaymentsAsync(organisation)).Count.ShouldBe(2);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task A_replaced_order_that_is_paid_late_is_booked_and_the_surplus_kept()
    {
        var (organisation, invoice, old) = await OpenAsync(100m, 80m);
        var now = await world.StartAsync(organisation, invoice, 50m);
        await SettleAsync(now, world.Gateway.Pay(now.ProviderOrderId));
        await SettleAsync(old, world.Gateway.Pay(old.ProviderOrderId));
        (await world.InvoiceAsync(invoice)).Status.ShouldBe(InvoiceStatus.Paid);
        (await world.CreditAsync(organisation)).ShouldBe(30m);
        (await world.OrdersAsync(invoice)).ShouldAllBe(order => order.Status == PaymentOrderStatus.Paid);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Another_amount_or_currency_than_ordered_is_booked_as_it_came_and_flagged()
    {
        var (organisation, invoice, session) = await OpenAsync(100m);
        await SettleAsync(session, world.Gateway.Pay(session.ProviderOrderId, amount: new Money(130m, Currency.Of("INR"))));
        await SettleAsync(session, world.Gateway.Pay(session.ProviderOrderId, amount: new Money(7m, Currency.Of("USD"))));
        (await world.InvoiceAsync(invoice)).AmountPaid.ShouldBe(100m);
        (await world.CreditAsync(organisation)).ShouldBe(30m);
        (await world.CreditAsync(organisation, "USD")).ShouldBe(7m);
        (await world.ReadAsync(db => db.AuditLog.CountAsync(row => row.OrganisationId == organisation.Id && row.Action == "payment.amount_mismatch"))).ShouldBe(2);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task An_event_that_is_faster_than_the_answer_to_our_own_request_finds_its_order()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        world.Gateway.BeforeAnswer = async order =>
        {
            await world.ReceiveAsync("payment.captured", world.Gateway.Pay(order.Id), $"evt_{order.Id}");
            await world.WorkEventsOffAsync();
        };
        try
        {
            // It is paid before the page could even open the checkout.
            var late = await world.Get<StartPayment>().RunAsync(PaymentsWorld.Customer(organisation.Id), new StartPaymentRequest(invoice), CancellationToken.None);
            late.Failure.Code.ShouldBe("invoice_not_open");
        }
        finally
        {
            world.Gateway.BeforeAnswer = null;
        }

        await ShouldBePaidOnceAsync(organisation, invoice, 100m);
    }

    [Fact]
    public async Task A_payment_that_the_provider_s_list_does_not_show_yet_is_asked_for_by_name()
    {
        var (organisation, invoice, session) = await OpenAsync(100m);
        world.Gateway.ListLagsBehind = true;
        try
        {
            await world.ReceiveAsync("payment.captured", world.Gateway.Pay(session.ProviderOrderId), $"evt_{session.OrderId:n}");
            await world.WorkEventsOffAsync();
        }
        finally
        {
            world.Gateway.ListLagsBehind = false;
        }

        await ShouldBePaidOnceAsync(organisation, invoice, 100m);
    }

    [Fact]
    public async Task Events_of_others_and_unknown_kinds_are_worked_off_with_a_note()
    {
        var stranger = new GatewayPayment("pay_stranger", "order_stranger", new Money(1, Currency.Of("INR")), GatewayPaymentStatus.Captured, true, new Money(0, Currency.Of("INR")),
            null, null, null, null, null, new Dictionary<string, string>(), world.Clock.GetUtcNow());
        await world.ReceiveAsync("payment.captured", stranger, "evt_stranger");
        await world.ReceiveAsync("invoice.paid", null, "evt_unknown_kind");
        await world.ReceiveAsync("payment.captured", stranger with { Id = "pay_without_order", OrderId = null }, "evt_without_order");
        await world.WorkEventsOffAsync();
        var notes = await world.ReadAsync(db => db.ProviderEvents.Where(row => row.EventId == "evt_stranger" || row.EventId == "evt_unknown_kind" || row.EventId == "evt_without_order")
            .OrderBy(row => row.EventId).Select(row => row.ProcessedAt != null ? row.Note : null).ToListAsync());
        notes.ShouldBe(["ignored: order_stranger is not ours", "ignored: not a kind that is used", "ignored: it names no order"]);
    }

    [Fact]
    public async Task An_event_waits_while_the_provider_is_away_and_is_given_up_in_the_end_with_its_error()
    {
        var (organisation, invoice, session) = await OpenAsync(100m);
        await world.ReceiveAsync("payment.captured", world.Gateway.Pay(session.ProviderOrderId), $"evt_{session.OrderId:n}");
        Task<ProviderEvent> ReadAsync() => world.ReadAsync(db => db.ProviderEvents.AsNoTracking().SingleAsync(row => row.EventId == $"evt_{session.OrderId:n}"));
        world.Gateway.IsAway = true;
        try
        {
            await world.WorkEventsOffAsync();
            (await ReadAsync()).Attempts.ShouldBe(1);
            (await ReadAsync()).DueAt.ShouldBe(world.Clock.GetUtcNow().AddSeconds(5));
            for (var day = 0; day < 12; day++)
            {
                world.Clock.Advance(TimeSpan.FromDays(1));
                await world.WorkEventsOffAsync();
            }
        }
        finally
        {
            world.Gateway.IsAway = false;
        }

        var dead = await ReadAsync();
        (dead.Attempts, dead.ProcessedAt).ShouldBe((10, null));
        dead.DeadAt.ShouldNotBeNull();
        dead.Error.ShouldNotBeNull().ShouldContain("gateway_unknown");
        // The janitor gets the truth all the same.
        (await world.Get<ReconcilePayments>().RunAsync(PaymentsWorld.System, CancellationToken.None)).Value.Changed.ShouldBeGreaterThan(0);
        await ShouldBePaidOnceAsync(organisation, invoice, 100m);
    }

    [Fact]
    public async Task Only_the_system_settles()
    {
        var (organisation, _, session) = await OpenAsync(100m);
        var payment = world.Gateway.Pay(session.ProviderOrderId);
        (await world.Get<SettlePayment>().RunAsync(PaymentsWorld.Staff, session.OrderId, payment, CancellationToken.None)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await world.Get<ReconcileOrder>().RunAsync(PaymentsWorld.Customer(organisation.Id), session.OrderId, CancellationToken.None)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task The_database_refuses_a_captured_payment_that_fails()
    {
        var (_, _, session) = await OpenAsync(100m);
        var settled = await SettleAsync(session, world.Gateway.Pay(session.ProviderOrderId));
        await using var source = NpgsqlDataSource.Create(world.ConnectionString);
        await using var command = source.CreateCommand("UPDATE payments SET status = 'failed' WHERE id = $1");
        command.Parameters.AddWithValue(settled.PaymentId);
        await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
    }

    private async Task ShouldBePaidOnceAsync(Organisation organisation, Guid invoiceId, decimal total)
    {
        var invoice = await world.InvoiceAsync(invoiceId);
        (invoice.Status, invoice.AmountPaid, invoice.AmountDue).ShouldBe((InvoiceStatus.Paid, total, 0m));
        var payment = (await world.PaymentsAsync(organisation)).ShouldHaveSingleItem();
        (payment.Status, payment.Amount, payment.FailureReason).ShouldBe((PaymentStatus.Captured, total, null));
        payment.Fee.ShouldBe(decimal.Round(total * 0.02m, 2, MidpointRounding.AwayFromZero));
        payment.Allocations.ShouldHaveSingleItem().Amount.ShouldBe(total);
        (await world.OrdersAsync(invoiceId)).ShouldHaveSingleItem().Status.ShouldBe(PaymentOrderStatus.Paid);
        (await world.CreditAsync(organisation)).ShouldBe(0m);
        (await world.AccountAsync(organisation, LedgerAccount.ProviderClearing)).ShouldBe(total);
        (await world.AccountAsync(organisation, LedgerAccount.AccountsReceivable)).ShouldBe(0m);
        (await world.ReadAsync(db => db.Outbox.CountAsync(row => row.SubjectId == payment.Id))).ShouldBe(1);
        await world.ShouldAgreeAsync();
    }
}
