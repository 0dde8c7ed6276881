namespace Portal.Core.Payments;

/// <summary>Whether invoices can be paid online, for pages that show or hide the button. Asks nobody; anybody may know.</summary>
public sealed class PaymentsAvailability(IPaymentGateway gateway)
{
    public OnlinePayments Run() => new(gateway is { IsConfigured: true, Checkout: not null }, gateway.IsTest, gateway.Checkout);
}

/// <summary>How online payments stand.</summary>
/// <param name="IsOn">False: no keys are configured, and only bank transfers and the like remain.</param>
/// <param name="IsTest">True: no real money moves; say so on the page.</param>
/// <param name="Checkout">What the pay page loads; null while off.</param>
public sealed record OnlinePayments(bool IsOn, bool IsTest, GatewayCheckout? Checkout);
