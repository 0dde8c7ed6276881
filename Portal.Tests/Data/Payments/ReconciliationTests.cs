using Portal.Core.Invoicing;
using Portal.Core.Payments;

namespace Portal.Tests.Data.Payments;

public sealed class ReconciliationTests(PaymentsWorld world) : IClassFixture<PaymentsWorld>
{
    private async Task<ReconciliationReport> RunAsync() => (await world.Get<ReconcilePayments>().RunAsync(PaymentsWorld.System, CancellationToken.None)).Value;

    [Fact]
    public async Task Without_any_webhook_a_payment_is_found_after_a_minute()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        var session = await world.StartAsync(organisation, invoice);
        world.Gateway.Pay(session.ProviderOrderId);
        world.Clock.Advance(TimeSpan.FromSeconds(30));
        await RunAsync();
        (await world.InvoiceAsync(invoice)).AmountPaid.ShouldBe(0m);
        world.Clock.Advance(TimeSpan.FromSeconds(40));
        (await RunAsync()).Changed.ShouldBe(1);
        (await world.InvoiceAsync(invoice)).Status.ShouldBe(InvoiceStatus.Paid);
        (await RunAsync()).Changed.ShouldBe(0);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task A_timeout_after_the_order_was_made_is_adopted_with_its_payment()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        world.Gateway.Faults.Enqueue(Fault.LostAfter);
        world.Gateway.IsAway = true;
        await world.Get<StartPayment>().RunAsync(PaymentsWorld.Customer(organisation.Id), new StartPaymentRequest(invoice), CancellationToken.None);
        var order = (await world.OrdersAsync(invoice)).ShouldHaveSingleItem();
        world.Gateway.Pay(world.Gateway.OrdersOf(order.Receipt).ShouldHaveSingleItem().Id);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        (await RunAsync()).Unanswered.ShouldBe(1);
        world.Gateway.IsAway = false;
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await RunAsync();
        (await world.InvoiceAsync(invoice)).Status.ShouldBe(InvoiceStatus.Paid);
        (await world.OrdersAsync(invoice)).ShouldHaveSingleItem().Status.ShouldBe(PaymentOrderStatus.Paid);
    }

    [Fact]
    public async Task An_order_that_never_reached_the_provider_is_closed_after_ten_minutes()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        world.Gateway.Faults.Enqueue(Fault.LostBefore);
        await world.Get<StartPayment>().RunAsync(PaymentsWorld.Customer(organisation.Id), new StartPaymentRequest(invoice), CancellationToken.None);
        for (var minute = 0; minute < 9; minute++)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            await RunAsync();
            (await world.OrdersAsync(invoice)).ShouldHaveSingleItem().Status.ShouldBe(PaymentOrderStatus.Unknown);
        }

        world.Clock.Advance(TimeSpan.FromMinutes(10));
        await RunAsync();
        (await world.OrdersAsync(invoice)).ShouldHaveSingleItem().Status.ShouldBe(PaymentOrderStatus.Closed);
        world.Gateway.CreateCalls.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_replaced_order_that_was_paid_in_another_window_is_found()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        var old = await world.StartAsync(organisation, invoice);
        await world.StartAsync(organisation, invoice, 20m);
        world.Gateway.Pay(old.ProviderOrderId);
        world.Clock.Advance(TimeSpan.FromHours(30));
        await RunAsync();
        (await world.InvoiceAsync(invoice)).Status.ShouldBe(InvoiceStatus.Paid);
        // The newer one is not offered any more.
        (await world.OrdersAsync(invoice)).Select(order => order.Status).ShouldBe([PaymentOrderStatus.Paid, PaymentOrderStatus.Closed], ignoreOrder: true);
    }

    [Fact]
    public async Task Money_that_nobody_took_is_taken_while_the_invoice_needs_it_all()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        var session = await world.StartAsync(organisation, invoice);
        world.Gateway.Pay(session.ProviderOrderId, GatewayPaymentStatus.Authorized);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await RunAsync();
        (await world.InvoiceAsync(invoice)).AmountPaid.ShouldBe(0m);
        world.Clock.Advance(TimeSpan.FromMinutes(6));
        await RunAsync();
        (await world.InvoiceAsync(invoice)).Status.ShouldBe(InvoiceStatus.Paid);
    }

    [Fact]
    public async Task A_further_attempt_on_a_paid_order_is_followed_to_its_end()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        var session = await world.StartAsync(organisation, invoice);
        var slow = world.Gateway.Pay(session.ProviderOrderId, GatewayPaymentStatus.Created);
        world.Gateway.Pay(session.ProviderOrderId);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await RunAsync();
        (await world.PaymentsAsync(organisation)).Select(payment => payment.Status).ShouldBe([PaymentStatus.Pending, PaymentStatus.Captured], ignoreOrder: true);
        world.Gateway.Move(slow.Id, GatewayPaymentStatus.Failed);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await RunAsync();
        (await world.PaymentsAsync(organisation)).Select(payment => payment.Status).ShouldBe([PaymentStatus.Failed, PaymentStatus.Captured], ignoreOrder: true);
    }

    [Fact]
    public async Task An_order_is_asked_about_ever_more_rarely_and_closed_after_a_month()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        await world.StartAsync(organisation, invoice);
        async Task<int> AskedOverAsync(TimeSpan span, TimeSpan step)
        {
            var before = (await world.OrdersAsync(invoice)).Single().UpdatedAt;
            var asked = 0;
            for (var passed = TimeSpan.Zero; passed < span; passed += step)
            {
                world.Clock.Advance(step);
                await RunAsync();
                var now = (await world.OrdersAsync(invoice)).Single().UpdatedAt;
                asked += now == before ? 0 : 1;
                before = now;
            }

            return asked;
        }

        (await AskedOverAsync(TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(1))).ShouldBe(9);
        (await AskedOverAsync(TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(1))).ShouldBeInRange(9, 12);
        (await AskedOverAsync(TimeSpan.FromHours(22), TimeSpan.FromMinutes(10))).ShouldBeInRange(18, 24);
        world.Clock.Advance(TimeSpan.FromDays(30));
        (await RunAsync()).Abandoned.ShouldBeGreaterThan(0);
        (await world.OrdersAsync(invoice)).Single().Status.ShouldBe(PaymentOrderStatus.Closed);
    }

    [Fact]
    public async Task Without_keys_nobody_is_asked()
    {
        world.Gateway.IsConfigured = false;
        try
        {
            (await RunAsync()).ShouldBe(new ReconciliationReport(0, 0, 0, 0));
        }
        finally
        {
            world.Gateway.IsConfigured = true;
        }
    }
}
