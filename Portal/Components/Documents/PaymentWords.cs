using Portal.Components.Shared;
using Portal.Core.Payments;

namespace Portal.Components.Documents;

/// <summary>Payments in people's words.</summary>
public static class PaymentWords
{
    public static string Of(PaymentMethod method) => method switch
    {
        PaymentMethod.Razorpay => "Online",
        PaymentMethod.BankTransfer => "Bank transfer",
        PaymentMethod.Cash => "Cash",
        PaymentMethod.Cheque => "Cheque",
        PaymentMethod.AccountCredit => "Account credit",
    };

    /// <summary>With the provider's own word for how it was paid: <c>Online, UPI</c>.</summary>
    public static string Of(PaymentMethod method, string? providerMethod) => (method, providerMethod) switch
    {
        (PaymentMethod.Razorpay, "upi") => "Online, UPI",
        (PaymentMethod.Razorpay, "emi") => "Online, EMI",
        (PaymentMethod.Razorpay, { Length: > 0 } other) => $"Online, {other.Replace('_', ' ')}",
        _ => Of(method),
    };

    public static string Of(PaymentStatus status) => status switch
    {
        PaymentStatus.Pending => "Pending",
        PaymentStatus.Authorized => "Confirming",
        PaymentStatus.Captured => "Received",
        PaymentStatus.Failed => "Failed",
        PaymentStatus.PartiallyRefunded => "Partially refunded",
        PaymentStatus.Refunded => "Refunded",
    };

    public static BadgeTone ToneOf(PaymentStatus status) => status switch
    {
        PaymentStatus.Pending => BadgeTone.Warn,
        PaymentStatus.Authorized => BadgeTone.Info,
        PaymentStatus.Captured => BadgeTone.Good,
        PaymentStatus.Failed => BadgeTone.Bad,
        PaymentStatus.PartiallyRefunded or PaymentStatus.Refunded => BadgeTone.Idle,
    };
}
