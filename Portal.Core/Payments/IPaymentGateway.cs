using System.Diagnostics.CodeAnalysis;
using Portal.Core.Currencies;

namespace Portal.Core.Payments;

/// <summary>
/// The payment gateway as the domain sees it. No call throws for what the gateway answers or fails to answer: see
/// <see cref="GatewayResult{T}"/>. Only cancellation by the caller throws, and it leaves a money move just as unknown.
/// </summary>
public interface IPaymentGateway
{
    /// <summary>As stored with payments, e.g. <c>razorpay</c>.</summary>
    string Name { get; }

    /// <summary>False when there are no keys: paying is off, and every call is refused with <see cref="GatewayRefusal.NotConfigured"/>.</summary>
    bool IsConfigured { get; }

    /// <summary>True when no real money moves: our sandbox, or the gateway's own test mode.</summary>
    bool IsTest { get; }

    /// <summary>What the browser needs to open the checkout; null while <see cref="IsConfigured"/> is false.</summary>
    GatewayCheckout? Checkout { get; }

    /// <summary>
    /// The smallest amount not below <paramref name="due"/> that the gateway can take (it wants a 0 as the last of three decimals),
    /// or null when it can't take the currency.
    /// </summary>
    Money? Payable(Money due);

    /// <summary>Opens an order. After <c>Unknown</c>, look it up by its receipt before asking again.</summary>
    Task<GatewayResult<GatewayOrder>> CreateOrderAsync(GatewayOrderRequest request, CancellationToken cancellationToken);

    /// <summary>The orders that carry exactly this receipt, oldest first; normally none or one.</summary>
    Task<GatewayResult<IReadOnlyList<GatewayOrder>>> FindOrdersByReceiptAsync(string receipt, CancellationToken cancellationToken);

    Task<GatewayResult<GatewayOrder>> GetOrderAsync(string orderId, CancellationToken cancellationToken);

    /// <summary>All attempts on an order, oldest first.</summary>
    Task<GatewayResult<IReadOnlyList<GatewayPayment>>> ListOrderPaymentsAsync(string orderId, CancellationToken cancellationToken);

    Task<GatewayResult<GatewayPayment>> GetPaymentAsync(string paymentId, CancellationToken cancellationToken);

    /// <summary>All payments begun within a window (both ends included, whole seconds), oldest first; for reconciliation.</summary>
    Task<GatewayResult<IReadOnlyList<GatewayPayment>>> ListPaymentsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>
    /// Takes an authorised payment that the gateway does not capture by itself; the amount must equal what was authorised. Done also when
    /// it was captured before.
    /// </summary>
    Task<GatewayResult<GatewayPayment>> CapturePaymentAsync(string paymentId, Money amount, CancellationToken cancellationToken);

    /// <summary>Sends money back. May be repeated with the same key; done also when this very refund was made before.</summary>
    Task<GatewayResult<GatewayRefund>> CreateRefundAsync(GatewayRefundRequest request, CancellationToken cancellationToken);

    /// <summary>All refunds of a payment, oldest first.</summary>
    Task<GatewayResult<IReadOnlyList<GatewayRefund>>> ListRefundsAsync(string paymentId, CancellationToken cancellationToken);

    /// <summary>
    /// True when the gateway signed that this payment belongs to this order; take the order's id from our own records, never from the browser.
    /// It does not say that the money was captured: read the payment.
    /// </summary>
    bool IsCheckoutSignatureValid(string orderId, string paymentId, string? signature);

    /// <summary>
    /// True when the signature is that of the current or the previous webhook secret over the body's bytes as they arrived, never decoded and
    /// encoded again.
    /// </summary>
    bool IsWebhookSignatureValid(ReadOnlySpan<byte> body, string? signature);

    /// <summary>Reads a webhook whose signature was checked. False when it is no event at all.</summary>
    bool TryReadWebhook(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out GatewayEvent? gatewayEvent);
}
