using Portal.Core.Currencies;

namespace Portal.Core.Payments;

/// <summary>How far a payment has come. <c>Failed</c> to <c>Authorized</c> or <c>Captured</c> is legal: banks answer late.</summary>
public enum GatewayPaymentStatus
{
    /// <summary>A word this version does not know: change nothing and look again.</summary>
    Unknown,
    Created,
    Authorized,
    Captured,
    Refunded,
    Failed,
}

/// <summary>Why a payment failed, in the gateway's words.</summary>
/// <param name="Code">E.g. <c>BAD_REQUEST_ERROR</c>.</param>
/// <param name="Reason">E.g. <c>insufficient_funds</c>; the part to decide by.</param>
/// <param name="Description">For people.</param>
/// <param name="Source">Whose doing it was: customer, bank, gateway, business, internal.</param>
/// <param name="Step">Where in the payment it happened.</param>
public sealed record GatewayPaymentError(string? Code, string? Reason, string? Description, string? Source, string? Step);

/// <summary>One attempt to pay.</summary>
/// <param name="Id">The gateway's id; case matters.</param>
/// <param name="OrderId">Null for money that came without an order (a virtual account).</param>
/// <param name="Amount">What the customer was asked for.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="Captured">True once the money is ours; an authorised payment that is never captured goes back.</param>
/// <param name="AmountRefunded">What went back so far.</param>
/// <param name="Method">The gateway's word: card, upi, netbanking, wallet ...</param>
/// <param name="Instrument">What to show for it: a bank's code, a wallet or a masked address; never a card number.</param>
/// <param name="Fee">What the gateway keeps, its tax included; null before capture.</param>
/// <param name="Tax">The tax inside <paramref name="Fee"/>; null before capture.</param>
/// <param name="Error">Null unless it failed.</param>
/// <param name="Notes">As given to the checkout, not the order's.</param>
/// <param name="CreatedAt">When the attempt began, in UTC, to the second.</param>
public sealed record GatewayPayment(
    string Id,
    string? OrderId,
    Money Amount,
    GatewayPaymentStatus Status,
    bool Captured,
    Money AmountRefunded,
    string? Method,
    string? Instrument,
    Money? Fee,
    Money? Tax,
    GatewayPaymentError? Error,
    IReadOnlyDictionary<string, string> Notes,
    DateTimeOffset CreatedAt);
