using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Currencies;
using Portal.Core.Payments;

namespace Portal.Payments.Razorpay;

internal sealed partial class RazorpayGateway
{
    public async Task<GatewayResult<GatewayPayment>> GetPaymentAsync(string paymentId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paymentId);
        return IsId(paymentId)
            ? await CallAsync(new RazorpayCall(HttpMethod.Get, $"payments/{paymentId}", "expand[]=card"), RazorpayReader.Payment, cancellationToken)
            : NoSuch<GatewayPayment>("payment");
    }

    public Task<GatewayResult<IReadOnlyList<GatewayPayment>>> ListPaymentsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => ListAsync(
        "payments", string.Create(CultureInfo.InvariantCulture, $"from={from.ToUnixTimeSeconds()}&to={to.ToUnixTimeSeconds()}"),
        RazorpayReader.Payment, payment => payment.Id, payment => payment.CreatedAt, cancellationToken);

    public async Task<GatewayResult<GatewayPayment>> CapturePaymentAsync(string paymentId, Money amount, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paymentId);
        if (!IsId(paymentId))
            return NoSuch<GatewayPayment>("payment");
        if (!RazorpayAmounts.TryToUnits(amount, out var units))
            return new GatewayResult<GatewayPayment>.Refused(GatewayRefusal.AmountNotPayable, null, $"Razorpay can't take {amount}.");
        var body = new JsonObject { ["amount"] = units, ["currency"] = amount.Currency.Code };
        var result = await CallAsync(new RazorpayCall(HttpMethod.Post, $"payments/{paymentId}/capture", Body: body), RazorpayReader.Payment, cancellationToken);

        // A second capture is refused as already done.
        return await AdoptAsync(
            result,
            async () => (await GetPaymentAsync(paymentId, cancellationToken)).Select<IReadOnlyList<GatewayPayment>>(payment => [payment]),
            payment => payment.Captured && payment.Amount == amount);
    }
}
