using System.Security.Cryptography;
using System.Text;

namespace Portal.Payments.Razorpay;

/// <summary>Razorpay signs with HMAC-SHA256 in hexadecimal, always over bytes: text is UTF-8 and a webhook's body is taken as it came.</summary>
public static class RazorpaySignature
{
    /// <summary>The signature of some bytes: 64 lower-case hexadecimal digits.</summary>
    public static string Of(ReadOnlySpan<byte> message, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), message));

    /// <summary>What the checkout signs with the key's secret: order, a literal bar, payment.</summary>
    public static string OfCheckout(string orderId, string paymentId, string keySecret) => Of(CheckoutMessage(orderId, paymentId), keySecret);

    /// <summary>Compares in constant time. False for a secret or a signature that is missing or malformed.</summary>
    public static bool IsValid(ReadOnlySpan<byte> message, string secret, string? signature)
    {
        // An empty secret would make a signature that anybody can make.
        if (string.IsNullOrEmpty(secret) || signature is not { Length: HMACSHA256.HashSizeInBytes * 2 })
            return false;
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(signature, given, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), message, right);
        return CryptographicOperations.FixedTimeEquals(right, given);
    }

    /// <summary>Checks what the checkout handed over.</summary>
    public static bool IsCheckoutValid(string orderId, string paymentId, string keySecret, string? signature) =>
        orderId.Length > 0 && paymentId.Length > 0 && IsValid(CheckoutMessage(orderId, paymentId), keySecret, signature);

    private static byte[] CheckoutMessage(string orderId, string paymentId) => Encoding.UTF8.GetBytes($"{orderId}|{paymentId}");
}
