using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Payments;

namespace Portal.Tests.Data.Payments;

public sealed class ConfirmCheckoutTests(PaymentsWorld world) : IClassFixture<PaymentsWorld>
{
    private Task<Result<CheckoutConfirmation>> RunAsync(Guid organisationId, string order, string payment, string signature) =>
        world.Get<ConfirmCheckout>().RunAsync(PaymentsWorld.Customer(organisationId), new ConfirmCheckoutRequest(order, payment, signature), CancellationToken.None);

    [Fact]
    public async Task A_signed_success_is_settled_from_what_the_provider_says()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        var session = await world.StartAsync(organisation, invoice);
        var payment = world.Gateway.Pay(session.ProviderOrderId);
        var result = await RunAsync(organisation.Id, session.ProviderOrderId, payment.Id, FakeGateway.CheckoutSignature(session.ProviderOrderId, payment.Id));
        result.Value.InvoiceId.ShouldBe(invoice);
        (await world.InvoiceAsync(invoice)).Status.ShouldBe(InvoiceStatus.Paid);
    }

    [Fact]
    public async Task A_signed_success_that_the_provider_has_not_captured_pays_nothing()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        var session = await world.StartAsync(organisation, invoice);
        var payment = world.Gateway.Pay(session.ProviderOrderId, GatewayPaymentStatus.Authorized);
        (await RunAsync(organisation.Id, session.ProviderOrderId, payment.Id, FakeGateway.CheckoutSignature(session.ProviderOrderId, payment.Id))).Succeeded.ShouldBeTrue();
        (await world.InvoiceAsync(invoice)).AmountPaid.ShouldBe(0m);
        (await world.PaymentsAsync(organisation)).ShouldHaveSingleItem().Status.ShouldBe(PaymentStatus.Authorized);
    }

    [Fact]
    public async Task While_the_provider_is_away_the_page_still_says_processing()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        var session = await world.StartAsync(organisation, invoice);
        var payment = world.Gateway.Pay(session.ProviderOrderId);
        world.Gateway.IsAway = true;
        try
        {
            (await RunAsync(organisation.Id, session.ProviderOrderId, payment.Id, FakeGateway.CheckoutSignature(session.ProviderOrderId, payment.Id))).Succeeded.ShouldBeTrue();
        }
        finally
        {
            world.Gateway.IsAway = false;
        }

        (await world.InvoiceAsync(invoice)).AmountPaid.ShouldBe(0m);
    }

    [Fact]
    public async Task A_wrong_signature_or_another_order_s_signature_is_refused()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 100m);
        var session = await world.StartAsync(organisation, invoice);
        var payment = world.Gateway.Pay(session.ProviderOrderId);
        (await RunAsync(organisation.Id, session.ProviderOrderId, payment.Id, "00")).Failure.Code.ShouldBe("invalid_signature");
        (await RunAsync(organisation.Id, session.ProviderOrderId, payment.Id, FakeGateway.CheckoutSignature("order_other", payment.Id))).Failure.Code.ShouldBe("invalid_signature");
        (await world.InvoiceAsync(invoice)).AmountPaid.ShouldBe(0m);
    }

    [Fact]
    public async Task Another_organisation_s_order_is_not_found_even_with_its_signature()
    {
        var owner = await world.OrganisationAsync();
        var stranger = await world.OrganisationAsync();
        var session = await world.StartAsync(owner, await world.InvoiceAsync(owner, 100m));
        var payment = world.Gateway.Pay(session.ProviderOrderId);
        (await RunAsync(stranger.Id, session.ProviderOrderId, payment.Id, FakeGateway.CheckoutSignature(session.ProviderOrderId, payment.Id))).Failure.Kind.ShouldBe(FailureKind.NotFound);
    }
}
