using Microsoft.Extensions.Options;

namespace Portal.Payments.Razorpay;

/// <summary>Whose account the adapter uses, and where it lives.</summary>
public interface IRazorpayAccount
{
    /// <summary>Null when there is none: paying is off.</summary>
    RazorpayCredentials? Credentials { get; }

    /// <summary>True when it is our own sandbox that answers.</summary>
    bool IsSandbox { get; }

    /// <summary>Where the API is, without <c>/v1</c> and ending in a slash; null while that is not known yet (the sandbox before the server listens).</summary>
    Uri? BaseAddress { get; }

    /// <summary>The checkout's script: absolute, or a path on our own address.</summary>
    string CheckoutScriptUrl { get; }
}

/// <summary>One account's keys and secrets.</summary>
public sealed record RazorpayCredentials(string KeyId, string KeySecret, string WebhookSecret, string PreviousWebhookSecret)
{
    // A record would print its secrets.
    public override string ToString() => KeyId;
}

/// <summary>The account of the configuration.</summary>
internal sealed class ConfiguredRazorpayAccount(IOptions<RazorpayOptions> options) : IRazorpayAccount
{
    private readonly RazorpayOptions _options = options.Value;

    public RazorpayCredentials? Credentials => _options.HasKeys
        ? new RazorpayCredentials(_options.KeyId, _options.KeySecret, _options.WebhookSecret, _options.PreviousWebhookSecret)
        : null;

    public bool IsSandbox => false;

    public Uri? BaseAddress => new(_options.BaseUrl.TrimEnd('/') + "/");

    public string CheckoutScriptUrl => _options.CheckoutScriptUrl;
}
