using Portal.Core.Currencies;
using Portal.Core.Payments;
using Portal.Payments.Razorpay;

namespace Portal.Components.Pay;

/// <summary>What <c>js/pay.js</c> needs to open the checkout, by the names that the checkout gives its options.</summary>
internal static class CheckoutOptions
{
    /// <summary>Where the checkout's answer goes when there is no circuit.</summary>
    public const string Callback = "/pay/callback";

    public static Dictionary<string, object> Of(CheckoutSession session, string sellerName)
    {
        var options = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["scriptUrl"] = session.Checkout.ScriptUrl,
            ["fallbackUrl"] = Callback,
            ["key"] = session.Checkout.KeyId,
            ["order_id"] = session.ProviderOrderId,
            ["currency"] = session.Currency,
            ["name"] = sellerName,
            ["description"] = $"Invoice {session.InvoiceNumber}",
            ["prefill"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["name"] = session.CustomerName, ["email"] = session.CustomerEmail },
            ["theme"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["color"] = "#4a4bd6" },
        };
        // The order carries the amount; the checkout wants to hear it all the same.
        if (RazorpayAmounts.TryToUnits(new Money(session.Amount, Currency.Of(session.Currency)), out var units))
            options["amount"] = units;
        return options;
    }
}
