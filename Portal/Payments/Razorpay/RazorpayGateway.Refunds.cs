using System.Text.Json.Nodes;
using Portal.Core.Payments;

namespace Portal.Payments.Razorpay;

internal sealed partial class RazorpayGateway
{
    public async Task<GatewayResult<GatewayRefund>> CreateRefundAsync(GatewayRefundRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!IsId(request.PaymentId))
            return NoSuch<GatewayRefund>("payment");
        if (!RefundKeyPattern().IsMatch(request.IdempotencyKey))
            return new GatewayResult<GatewayRefund>.Refused(GatewayRefusal.Invalid, null, "A refund's idempotency key has 10 to 64 letters, digits, hyphens or underscores.");
        if (RefusedLocally<GatewayRefund>(request.Amount, request.Receipt, request.Notes, out var units) is { } refused)
            return refused;
        var body = new JsonObject
        {
            ["amount"] = units,
            ["speed"] = "normal",
            ["receipt"] = request.Receipt,
            ["notes"] = NotesOf(request.Notes),
        };
        var call = new RazorpayCall(HttpMethod.Post, $"payments/{request.PaymentId}/refund", Body: body, RefundKey: request.IdempotencyKey);
        var result = await CallAsync(call, RazorpayReader.Refund, cancellationToken);
        if (result is GatewayResult<GatewayRefund>.Done { Value: var refund } && (refund.Amount != request.Amount || refund.PaymentId != request.PaymentId))
            return new GatewayResult<GatewayRefund>.Unknown($"Razorpay answered with refund {refund.Id}, which is not what was asked for.");

        // "Already refunded" may speak of this very refund.
        return await AdoptAsync(
            result,
            () => ListRefundsAsync(request.PaymentId, cancellationToken),
            found => found.Amount == request.Amount && string.Equals(found.Receipt, request.Receipt, StringComparison.Ordinal));
    }

    public async Task<GatewayResult<IReadOnlyList<GatewayRefund>>> ListRefundsAsync(string paymentId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paymentId);
        return IsId(paymentId)
            ? await ListAsync($"payments/{paymentId}/refunds", "", RazorpayReader.Refund, refund => refund.Id, refund => refund.CreatedAt, cancellationToken)
            : NoSuch<IReadOnlyList<GatewayRefund>>("payment");
    }
}
