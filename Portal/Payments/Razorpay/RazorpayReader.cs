using System.Text.Json;
using Portal.Core.Currencies;
using Portal.Core.Payments;

namespace Portal.Payments.Razorpay;

/// <summary>Turns Razorpay's entities into ours; null for what lacks an id, an amount or a currency.</summary>
internal static class RazorpayReader
{
    public static GatewayOrder? Order(JsonElement json) =>
        json.Text("id") is { } id && json.Time("created_at") is { } createdAt && Amount(json, "amount") is { } amount
            ? new GatewayOrder(
                id, amount, Amount(json, "amount_paid") ?? amount with { Amount = 0 }, OrderStatus(json.Text("status")), json.Text("receipt"),
                (int)Math.Clamp(json.Number("attempts") ?? 0, 0, int.MaxValue), json.Notes(), createdAt)
            : null;

    public static GatewayPayment? Payment(JsonElement json)
    {
        if (json.Text("id") is not { } id || json.Time("created_at") is not { } createdAt || Amount(json, "amount") is not { } amount)
            return null;
        var status = PaymentStatus(json.Text("status"));
        // Samples of payment.authorized show "captured": true; the status is the stronger word.
        var captured = json.Flag("captured") && status is not (GatewayPaymentStatus.Authorized or GatewayPaymentStatus.Created or GatewayPaymentStatus.Failed);
        return new GatewayPayment(
            id, json.Text("order_id"), amount, status, captured || status == GatewayPaymentStatus.Captured,
            Amount(json, "amount_refunded") ?? amount with { Amount = 0 }, json.Text("method"), Instrument(json),
            Amount(json, "fee"), Amount(json, "tax"), status == GatewayPaymentStatus.Failed ? Error(json) : null, json.Notes(), createdAt);
    }

    public static GatewayRefund? Refund(JsonElement json) =>
        json.Text("id") is { } id && json.Text("payment_id") is { } paymentId && json.Time("created_at") is { } createdAt && Amount(json, "amount") is { } amount
            ? new GatewayRefund(
                id, paymentId, amount, RefundStatus(json.Text("status")), json.Text("receipt"),
                json.Child("acquirer_data") is { } acquirer ? acquirer.Text("arn") ?? acquirer.Text("rrn") ?? acquirer.Text("utr") : null,
                json.Notes(), createdAt)
            : null;

    public static GatewayEvent? Event(JsonElement json)
    {
        if (json.Text("event") is not { } type)
            return null;
        var payload = json.Child("payload") ?? default;
        return new GatewayEvent(
            type, json.Text("account_id"), Entity(payload, "payment") is { } payment ? Payment(payment) : null,
            Entity(payload, "order") is { } order ? Order(order) : null, Entity(payload, "refund") is { } refund ? Refund(refund) : null,
            json.Time("created_at") ?? payload.Time("created_at"));
    }

    private static JsonElement? Entity(JsonElement payload, string name) => payload.Child(name)?.Child("entity");

    private static Money? Amount(JsonElement json, string name) =>
        json.Number(name) is { } units && RazorpayAmounts.TryFromUnits(units, json.Text("currency"), out var money) ? money : null;

    private static GatewayPaymentError Error(JsonElement json) => new(
        json.Text("error_code"), json.Text("error_reason"), json.Text("error_description"), json.Text("error_source"), json.Text("error_step"));

    private static string? Instrument(JsonElement json) => json.Text("method") switch
    {
        "card" or "emi" => json.Child("card") is { } card && card.Text("last4") is { } last4 ? $"{card.Text("network") ?? "Card"} •••• {last4}" : null,
        "upi" => (json.Text("vpa") ?? json.Child("upi")?.Text("vpa")) is { } vpa ? Masked(vpa) : null,
        _ => json.Text("bank") ?? json.Text("wallet"),
    };

    // A payment address names a person: two characters and the bank's handle are enough to recognise one's own.
    private static string Masked(string vpa) => vpa.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? $"{vpa[..Math.Min(2, at)]}•••{vpa[at..]}" : "•••";

    private static GatewayOrderStatus OrderStatus(string? word) => word switch
    {
        "created" => GatewayOrderStatus.Created,
        "attempted" => GatewayOrderStatus.Attempted,
        "paid" => GatewayOrderStatus.Paid,
        _ => GatewayOrderStatus.Unknown,
    };

    private static GatewayPaymentStatus PaymentStatus(string? word) => word switch
    {
        "created" => GatewayPaymentStatus.Created,
        "authorized" => GatewayPaymentStatus.Authorized,
        "captured" => GatewayPaymentStatus.Captured,
        "refunded" => GatewayPaymentStatus.Refunded,
        "failed" => GatewayPaymentStatus.Failed,
        _ => GatewayPaymentStatus.Unknown,
    };

    private static GatewayRefundStatus RefundStatus(string? word) => word switch
    {
        "pending" => GatewayRefundStatus.Pending,
        "processed" => GatewayRefundStatus.Processed,
        "failed" => GatewayRefundStatus.Failed,
        _ => GatewayRefundStatus.Unknown,
    };
}
