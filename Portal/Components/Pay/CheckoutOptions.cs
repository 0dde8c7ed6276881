using Portal.Core.Currencies;
using Portal.Core.Payments;
using Portal.Payments.Razorpay;

namespace Portal.Components.Pay;

/// <summary>What <c>js/pay.js</c> needs to open the checkout, by the names that the checkout gives its options.</summary>
internal static class CheckoutOptions
{
    /// <summary>Where the checkout's answer goes when there is no circuit.</summary>
    public const string Callback = "/pay/callback";

    public static Dictionary<string, object> Of(CheckoutSession session, string sellerName) => Of(
        session.Checkout, session.ProviderOrderId, new Money(session.Amount, Currency.Of(session.Currency)), sellerName, $"Invoice {session.InvoiceNumber}", session.CustomerName, session.CustomerEmail);

    /// <summary>For a pack of prepaid credits.</summary>
    public static Dictionary<string, object> Of(PrepaidCheckout session, string sellerName) => Of(
        session.Checkout, session.ProviderOrderId, new Money(session.Amount, Currency.Of(session.Currency)), sellerName, session.ProductName, session.CustomerName, session.CustomerEmail);

    private static Dictionary<string, object> Of(GatewayCheckout checkout, string orderId, Money amount, string sellerName, string description, string customerName, string customerEmail)
    {
        var options = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["scriptUrl"] = checkout.ScriptUrl,
            ["fallbackUrl"] = Callback,
            ["key"] = checkout.KeyId,
            ["order_id"] = orderId,
            ["currency"] = amount.Currency.Code,
            ["name"] = sellerName,
            ["description"] = description,
            ["prefill"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["name"] = customerName, ["email"] = customerEmail },
            ["theme"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["color"] = "#4a4bd6" },
        };
        // The order carries the amount; the checkout wants to hear it all the same.
        if (RazorpayAmounts.TryToUnits(amount, out var units))
            options["amount"] = units;
        return options;
    }
}
