using System.Text.Json.Nodes;
using Portal.Core.Payments;

namespace Portal.Payments.Razorpay;

internal sealed partial class RazorpayGateway
{
    public async Task<GatewayResult<GatewayOrder>> CreateOrderAsync(GatewayOrderRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (RefusedLocally<GatewayOrder>(request.Amount, request.Receipt, request.Notes, out var units) is { } refused)
            return refused;
        var body = new JsonObject
        {
            ["amount"] = units,
            ["currency"] = request.Amount.Currency.Code,
            ["receipt"] = request.Receipt,
            ["notes"] = NotesOf(request.Notes),
        };
        var result = await CallAsync(new RazorpayCall(HttpMethod.Post, "orders", Body: body), RazorpayReader.Order, cancellationToken);
        if (result is GatewayResult<GatewayOrder>.Done { Value: var order } && order.Amount != request.Amount)
            return new GatewayResult<GatewayOrder>.Unknown($"Razorpay answered with order {order.Id} over another amount than asked for.");

        // Where an account enforces unique receipts, a repeat is refused: then the first one is the one.
        return await AdoptAsync(result, () => FindOrdersByReceiptAsync(request.Receipt, cancellationToken), found => found.Amount == request.Amount);
    }

    public async Task<GatewayResult<IReadOnlyList<GatewayOrder>>> FindOrdersByReceiptAsync(string receipt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        var result = await ListAsync("orders", $"receipt={Uri.EscapeDataString(receipt)}", RazorpayReader.Order, order => order.Id, order => order.CreatedAt, cancellationToken);
        return result.Select<IReadOnlyList<GatewayOrder>>(orders => [.. orders.Where(order => string.Equals(order.Receipt, receipt, StringComparison.Ordinal))]);
    }

    public async Task<GatewayResult<GatewayOrder>> GetOrderAsync(string orderId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(orderId);
        return IsId(orderId)
            ? await CallAsync(new RazorpayCall(HttpMethod.Get, $"orders/{orderId}"), RazorpayReader.Order, cancellationToken)
            : NoSuch<GatewayOrder>("order");
    }

    public async Task<GatewayResult<IReadOnlyList<GatewayPayment>>> ListOrderPaymentsAsync(string orderId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(orderId);
        if (!IsId(orderId))
            return NoSuch<IReadOnlyList<GatewayPayment>>("order");

        // This list alone is not paged: it holds all attempts.
        var result = await CallAsync(new RazorpayCall(HttpMethod.Get, $"orders/{orderId}/payments"), json => Rows(json, RazorpayReader.Payment), cancellationToken);
        return result.Select<IReadOnlyList<GatewayPayment>>(payments => [.. payments.OrderBy(payment => payment.CreatedAt).ThenBy(payment => payment.Id, StringComparer.Ordinal)]);
    }

    private static JsonObject NotesOf(IReadOnlyDictionary<string, string> notes) =>
        new(notes.Select(note => KeyValuePair.Create(note.Key, (JsonNode?)JsonValue.Create(note.Value))));
}
