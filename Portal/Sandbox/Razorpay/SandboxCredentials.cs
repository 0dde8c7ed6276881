using System.Security.Cryptography;

namespace Portal.Sandbox.Razorpay;

/// <summary>The sandbox's own keys: made once, kept with its state, worth nothing anywhere else.</summary>
public sealed record SandboxCredentials(string KeyId, string KeySecret, string WebhookSecret, string PreviousWebhookSecret, string AccountId)
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    internal static SandboxCredentials Create(SandboxOptions options) => new(
        Or(options.KeyId, "rzp_test_" + Random(14)), Or(options.KeySecret, Random(24)), Or(options.WebhookSecret, Random(24)), Random(24), NewId("acc_"));

    /// <summary>An id as Razorpay makes them: a prefix and 14 letters or digits, whose case matters.</summary>
    internal static string NewId(string prefix) => prefix + Random(14);

    /// <summary>So many digits, as banks number things.</summary>
    internal static string Digits(int count) => RandomNumberGenerator.GetString("0123456789", count);

    public override string ToString() => KeyId;

    private static string Random(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    private static string Or(string configured, string generated) => configured.Length > 0 ? configured : generated;
}
