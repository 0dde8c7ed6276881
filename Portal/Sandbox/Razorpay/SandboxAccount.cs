using Portal.Payments.Razorpay;

namespace Portal.Sandbox.Razorpay;

/// <summary>Points the adapter at the sandbox on our own address, with the sandbox's keys.</summary>
internal sealed class SandboxAccount(RazorpaySandbox sandbox, OwnAddress ownAddress) : IRazorpayAccount
{
    public RazorpayCredentials? Credentials { get; } = new(
        sandbox.Credentials.KeyId, sandbox.Credentials.KeySecret, sandbox.Credentials.WebhookSecret, sandbox.Credentials.PreviousWebhookSecret);

    public bool IsSandbox => true;

    public Uri? BaseAddress => ownAddress.Find() is { } own ? new Uri(own, SandboxServices.Path.TrimStart('/') + "/") : null;

    // A path: the browser knows our address by whatever name it came.
    public string CheckoutScriptUrl => SandboxServices.Path + "/v1/checkout.js";
}
