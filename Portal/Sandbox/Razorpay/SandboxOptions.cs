namespace Portal.Sandbox.Razorpay;

/// <summary>Section <c>Razorpay:Sandbox</c>, for Development only. Everything has a default.</summary>
public sealed class SandboxOptions
{
    public const string Section = "Razorpay:Sandbox";

    /// <summary>Where webhooks go; empty for our own <c>/api/v1/webhooks/razorpay</c>.</summary>
    public string WebhookUrl { get; set; } = "";

    /// <summary>Razorpay retries a webhook over 24 hours; this scales its waits and those hours. 1 is real time, 0.001 makes a day of 86 seconds.</summary>
    public double TimeScale { get; set; } = 1;

    /// <summary>What the checkout calls the seller when the page does not say.</summary>
    public string MerchantName { get; set; } = "Sandbox merchant";

    /// <summary>Accept these keys instead of generated ones, so that several portals can share one sandbox.</summary>
    public string KeyId { get; set; } = "";

    public string KeySecret { get; set; } = "";

    public string WebhookSecret { get; set; } = "";
}
