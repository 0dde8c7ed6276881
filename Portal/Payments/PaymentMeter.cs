using System.Diagnostics.Metrics;

namespace Portal.Payments;

/// <summary>Counts what comes in from the payment provider; a forged webhook leaves no other trace.</summary>
internal sealed class PaymentMeter
{
    /// <summary>The meter's name, for exporters.</summary>
    public const string Name = "Portal.Payments";

    private readonly Counter<long> _webhooks;

    public PaymentMeter(IMeterFactory meters) =>
        _webhooks = meters.Create(Name).CreateCounter<long>("billing.payment_webhooks", "{webhook}", "Webhooks of the payment provider, by outcome");

    /// <param name="outcome"><c>accepted</c>, <c>duplicate</c>, <c>forged</c>, <c>empty</c> or <c>too_large</c>.</param>
    public void Webhook(string outcome) => _webhooks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
