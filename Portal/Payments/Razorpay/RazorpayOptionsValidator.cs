using Microsoft.Extensions.Options;

namespace Portal.Payments.Razorpay;

/// <summary>Lists every mistake of the section at once, by its key.</summary>
internal sealed class RazorpayOptionsValidator : IValidateOptions<RazorpayOptions>
{
    public ValidateOptionsResult Validate(string? name, RazorpayOptions options)
    {
        var mistakes = new List<string>();
        if (options.KeyId.Length > 0 != options.KeySecret.Length > 0)
            mistakes.Add("Razorpay:KeyId and Razorpay:KeySecret belong together: give both or neither.");
        if (options.KeyId.Contains(':', StringComparison.Ordinal))
            mistakes.Add("Razorpay:KeyId must not contain a colon.");
        if (options.HasKeys && options.WebhookSecret.Length == 0)
            mistakes.Add("Razorpay:WebhookSecret is missing: without it no webhook can be trusted.");
        if (!IsWebAddress(options.BaseUrl))
            mistakes.Add("Razorpay:BaseUrl must be an absolute https address (http only on the loopback).");
        if (!IsWebAddress(options.CheckoutScriptUrl))
            mistakes.Add("Razorpay:CheckoutScriptUrl must be an absolute https address (http only on the loopback).");
        if (options.TimeoutSeconds is < 1 or > 120)
            mistakes.Add("Razorpay:TimeoutSeconds must be between 1 and 120.");
        if (options.RetryDelayMilliseconds is < 0 or > 10_000)
            mistakes.Add("Razorpay:RetryDelayMilliseconds must be between 0 and 10000.");
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    // Keys go out with every call: in clear text only to this machine.
    private static bool IsWebAddress(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
