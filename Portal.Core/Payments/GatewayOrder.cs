using Portal.Core.Currencies;

namespace Portal.Core.Payments;

/// <summary>How far an order has come. It stays paid after a refund.</summary>
public enum GatewayOrderStatus
{
    /// <summary>A word this version does not know: treat as "not paid yet" and look again.</summary>
    Unknown,
    Created,
    Attempted,
    Paid,
}

/// <summary>An order at the gateway: the frame inside which a customer may make attempts to pay.</summary>
/// <param name="Id">The gateway's id; case matters.</param>
/// <param name="Amount">What the order is for.</param>
/// <param name="AmountPaid">What was captured on it so far.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="Receipt">Our reference, as we gave it.</param>
/// <param name="Attempts">How many payments were begun on it.</param>
/// <param name="Notes">Ours, as we gave them.</param>
/// <param name="CreatedAt">In UTC, to the second.</param>
public sealed record GatewayOrder(
    string Id,
    Money Amount,
    Money AmountPaid,
    GatewayOrderStatus Status,
    string? Receipt,
    int Attempts,
    IReadOnlyDictionary<string, string> Notes,
    DateTimeOffset CreatedAt);

/// <summary>Asks for an order.</summary>
/// <param name="Amount">Must be representable at the gateway: see <see cref="IPaymentGateway.Payable"/>.</param>
/// <param name="Receipt">Our reference, 1 to 40 characters; the way back to an order whose creation had no answer, so make it unique per intent.</param>
/// <param name="Notes">At most 15, each value at most 256 characters.</param>
public sealed record GatewayOrderRequest(Money Amount, string Receipt, IReadOnlyDictionary<string, string> Notes);
