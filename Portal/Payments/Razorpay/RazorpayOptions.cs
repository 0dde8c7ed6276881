namespace Portal.Payments.Razorpay;

/// <summary>Section <c>Razorpay</c>. Without keys paying is off, but in Development, where our own sandbox stands in.</summary>
public sealed class RazorpayOptions
{
    public const string Section = "Razorpay";

    /// <summary><c>rzp_test_…</c> or <c>rzp_live_…</c>.</summary>
    public string KeyId { get; set; } = "";

    /// <summary>The secret half of the key; also signs the checkout's answer.</summary>
    public string KeySecret { get; set; } = "";

    /// <summary>Signs webhooks; not the key's secret.</summary>
    public string WebhookSecret { get; set; } = "";

    /// <summary>The secret before the last change: retries of older events still carry it. Clear it a day after the change.</summary>
    public string PreviousWebhookSecret { get; set; } = "";

    /// <summary>The API's address without <c>/v1</c>.</summary>
    public string BaseUrl { get; set; } = "https://api.razorpay.com";

    /// <summary>The script that the pay page loads.</summary>
    public string CheckoutScriptUrl { get; set; } = "https://checkout.razorpay.com/v1/checkout.js";

    /// <summary>For a whole call with its retries, in seconds; 1 to 120.</summary>
    public double TimeoutSeconds { get; set; } = 30;

    /// <summary>Before the first retry, in milliseconds; doubles with each, with jitter. 0 to 10,000.</summary>
    public int RetryDelayMilliseconds { get; set; } = 500;

    internal bool HasKeys => KeyId.Length > 0 && KeySecret.Length > 0;
}
