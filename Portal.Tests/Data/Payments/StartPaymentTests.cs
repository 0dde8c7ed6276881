using Portal.Core.Kernel;
using Portal.Core.Payments;

namespace Portal.Tests.Data.Payments;

public sealed class StartPaymentTests(PaymentsWorld world) : IClassFixture<PaymentsWorld>
{
    private Task<Result<CheckoutSession>> RunAsync(Guid organisationId, Guid invoiceId, decimal? amount = null) =>
        world.Get<StartPayment>().RunAsync(PaymentsWorld.Customer(organisationId), new StartPaymentRequest(invoiceId, amount), CancellationToken.None);

    [Fact]
    public async Task An_open_invoice_opens_one_order_over_what_is_due()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 1250.50m);
        var session = await world.StartAsync(organisation, invoice);
        (session.Amount, session.Currency, session.Checkout.KeyId).ShouldBe((1250.50m, "INR", "key_fake"));
        var order = (await world.OrdersAsync(invoice)).ShouldHaveSingleItem();
        (order.Status, order.ProviderOrderId).ShouldBe((PaymentOrderStatus.Open, session.ProviderOrderId));
        world.Gateway.OrdersOf(order.Receipt).ShouldHaveSingleItem().Notes["invoice"].ShouldBe(invoice.ToString());
    }

    [Fact]
    public async Task A_second_start_uses_the_order_that_is_open()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        var first = await world.StartAsync(organisation, invoice);
        var second = await world.StartAsync(organisation, invoice);
        second.ProviderOrderId.ShouldBe(first.ProviderOrderId);
        (await world.OrdersAsync(invoice)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Another_amount_replaces_the_order_and_only_one_stays_open()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        await world.StartAsync(organisation, invoice);
        var part = await world.StartAsync(organisation, invoice, 40m);
        part.Amount.ShouldBe(40m);
        (await world.OrdersAsync(invoice)).Select(order => order.Status).ShouldBe([PaymentOrderStatus.Closed, PaymentOrderStatus.Open], ignoreOrder: true);
    }

    [Fact]
    public async Task Twenty_clicks_at_once_open_one_order()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RunAsync(organisation.Id, invoice)));
        results.Where(result => result.Succeeded).Select(result => result.Value.ProviderOrderId).Distinct().Count().ShouldBe(1);
        results.Where(result => !result.Succeeded).ShouldAllBe(result => result.Failure.Code == "payment_starting");
        (await world.OrdersAsync(invoice)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Another_organisations_invoice_is_not_found()
    {
        var owner = await world.OrganisationAsync();
        var stranger = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(owner, 100m);
        (await RunAsync(stranger.Id, invoice)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await world.OrdersAsync(invoice)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("0.99")]
    [InlineData("100.01")]
    [InlineData("10.005")]
    [InlineData("-5")]
    public async Task An_amount_outside_one_and_what_is_due_is_refused(string amount)
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        (await RunAsync(organisation.Id, invoice, decimal.Parse(amount))).Failure.Field.ShouldBe("amount");
    }

    [Fact]
    public async Task Without_the_permission_or_without_keys_nothing_starts()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        var may = PaymentsWorld.Customer(organisation.Id);
        (await world.Get<StartPayment>().RunAsync(may with { Permissions = new HashSet<string>() }, new StartPaymentRequest(invoice), CancellationToken.None)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        world.Gateway.IsConfigured = false;
        try
        {
            var off = (await RunAsync(organisation.Id, invoice)).Failure;
            (off.Kind, off.Code).ShouldBe((FailureKind.Unavailable, "payments_off"));
            world.Get<PaymentsAvailability>().Run().IsOn.ShouldBeFalse();
        }
        finally
        {
            world.Gateway.IsConfigured = true;
        }

        (await world.OrdersAsync(invoice)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_that_got_lost_after_the_order_was_made_is_adopted_at_once()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        world.Gateway.Faults.Enqueue(Fault.LostAfter);
        var session = await world.StartAsync(organisation, invoice);
        var order = (await world.OrdersAsync(invoice)).ShouldHaveSingleItem();
        world.Gateway.OrdersOf(order.Receipt).ShouldHaveSingleItem().Id.ShouldBe(session.ProviderOrderId);
    }

    [Fact]
    public async Task A_provider_that_stays_silent_leaves_an_unknown_order_that_the_next_start_adopts()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        world.Gateway.Faults.Enqueue(Fault.LostAfter);
        world.Gateway.IsAway = true;
        (await RunAsync(organisation.Id, invoice)).Failure.Code.ShouldBe("payment_unknown");
        world.Gateway.IsAway = false;
        (await world.OrdersAsync(invoice)).ShouldHaveSingleItem().Status.ShouldBe(PaymentOrderStatus.Unknown);
        var session = await world.StartAsync(organisation, invoice);
        var order = (await world.OrdersAsync(invoice)).ShouldHaveSingleItem();
        world.Gateway.OrdersOf(order.Receipt).ShouldHaveSingleItem().Id.ShouldBe(session.ProviderOrderId);
    }

    [Fact]
    public async Task A_call_that_never_arrived_is_made_again_with_the_same_receipt()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        world.Gateway.Faults.Enqueue(Fault.LostBefore);
        (await RunAsync(organisation.Id, invoice)).Failure.Code.ShouldBe("payment_unknown");
        var session = await world.StartAsync(organisation, invoice);
        var order = (await world.OrdersAsync(invoice)).ShouldHaveSingleItem();
        (order.Status, order.ProviderOrderId).ShouldBe((PaymentOrderStatus.Open, session.ProviderOrderId));
    }

    [Fact]
    public async Task A_refusal_closes_the_order_and_the_next_start_opens_another()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        world.Gateway.Faults.Enqueue(Fault.Refuses);
        (await RunAsync(organisation.Id, invoice)).Failure.Code.ShouldBe("gateway_refused");
        await world.StartAsync(organisation, invoice);
        (await world.OrdersAsync(invoice)).Select(order => order.Status).ShouldBe([PaymentOrderStatus.Closed, PaymentOrderStatus.Open], ignoreOrder: true);
    }
}
