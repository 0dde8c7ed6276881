namespace Portal.Core.Payments;

/// <summary>
/// What a webhook tells. Its entities are a snapshot of the moment it was made, and events arrive late, twice and in any order:
/// use it as a hint of what to read again, not as the state.
/// </summary>
/// <param name="Type">The gateway's name of the event, e.g. <c>payment.captured</c>. Unknown ones are acknowledged and ignored.</param>
/// <param name="AccountId">The gateway's account it is about.</param>
/// <param name="Payment">The payment it carries, when it carries a readable one.</param>
/// <param name="Order">The order it carries, when it carries a readable one.</param>
/// <param name="Refund">The refund it carries, when it carries a readable one.</param>
/// <param name="CreatedAt">When the gateway made it, when it says so.</param>
public sealed record GatewayEvent(
    string Type, string? AccountId, GatewayPayment? Payment, GatewayOrder? Order, GatewayRefund? Refund, DateTimeOffset? CreatedAt);
