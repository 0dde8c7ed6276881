using Portal.Core.Currencies;

namespace Portal.Core.Payments;

/// <summary>How far a refund has come. A failed one gave the money back to the merchant.</summary>
public enum GatewayRefundStatus
{
    /// <summary>A word this version does not know: treat as pending.</summary>
    Unknown,
    Pending,
    Processed,
    Failed,
}

/// <summary>Money on its way back to the customer.</summary>
/// <param name="Id">The gateway's id; case matters.</param>
/// <param name="PaymentId">Whose money goes back.</param>
/// <param name="Amount">How much of it.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="Receipt">Our reference, as we gave it.</param>
/// <param name="BankReference">The acquirer's reference number, which may come after <c>Processed</c>.</param>
/// <param name="Notes">Ours, as we gave them.</param>
/// <param name="CreatedAt">In UTC, to the second.</param>
public sealed record GatewayRefund(
    string Id,
    string PaymentId,
    Money Amount,
    GatewayRefundStatus Status,
    string? Receipt,
    string? BankReference,
    IReadOnlyDictionary<string, string> Notes,
    DateTimeOffset CreatedAt);

/// <summary>Asks for a refund of a captured payment.</summary>
/// <param name="PaymentId">A captured payment.</param>
/// <param name="Amount">At most what is captured and not yet refunded.</param>
/// <param name="IdempotencyKey">10 to 64 of <c>A-Z a-z 0-9 - _</c>; the same key never refunds twice, so derive it from our refund's id.</param>
/// <param name="Receipt">Our reference, 1 to 40 characters, unique per refund.</param>
/// <param name="Notes">At most 15, each value at most 256 characters.</param>
public sealed record GatewayRefundRequest(
    string PaymentId, Money Amount, string IdempotencyKey, string Receipt, IReadOnlyDictionary<string, string> Notes);
