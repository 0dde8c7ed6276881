using System.Text.Json.Nodes;
using Portal.Sandbox.Razorpay.State;

namespace Portal.Sandbox.Razorpay;

/// <summary>The sandbox's rows as Razorpay shows them, fields and quirks included.</summary>
internal static class SandboxJson
{
    public static JsonObject Of(SandboxOrder order) => new()
    {
        ["id"] = order.Id,
        ["entity"] = "order",
        ["amount"] = order.Amount,
        ["amount_paid"] = order.AmountPaid,
        ["amount_due"] = order.Amount - order.AmountPaid,
        ["currency"] = order.Currency,
        ["receipt"] = order.Receipt,
        ["offer_id"] = null,
        ["status"] = order.Status,
        ["attempts"] = order.Attempts,
        ["notes"] = Notes(order.Notes),
        ["created_at"] = order.CreatedAt,
    };

    public static JsonObject Of(SandboxPayment payment, bool withCard = false)
    {
        var instrument = payment.Instrument;
        var json = new JsonObject
        {
            ["id"] = payment.Id,
            ["entity"] = "payment",
            ["amount"] = payment.Amount,
            ["currency"] = payment.Currency,
            ["base_amount"] = payment.Amount,
            ["status"] = payment.Status,
            ["order_id"] = payment.OrderId,
            ["invoice_id"] = null,
            ["international"] = instrument.International,
            ["method"] = instrument.Method,
            ["amount_refunded"] = payment.AmountRefunded,
            ["amount_transferred"] = 0,
            ["refund_status"] = payment.AmountRefunded == 0 ? null : payment.AmountRefunded < payment.Amount ? "partial" : "full",
            ["captured"] = payment.Captured,
            ["description"] = payment.Description,
            ["card_id"] = CardId(payment),
            ["bank"] = instrument.Bank,
            ["wallet"] = null,
            ["vpa"] = instrument.Vpa,
            ["email"] = instrument.Email,
            ["contact"] = instrument.Contact,
            ["notes"] = Notes(payment.Notes),
            ["fee"] = payment.Fee,
            ["tax"] = payment.Tax,
            ["error_code"] = payment.Failure?.Code,
            ["error_description"] = payment.Failure?.Description,
            ["error_source"] = payment.Failure?.Source,
            ["error_step"] = payment.Failure?.Step,
            ["error_reason"] = payment.Failure?.Reason,
            ["acquirer_data"] = new JsonObject { [Reference(instrument.Method)] = payment.BankReference },
            ["created_at"] = payment.CreatedAt,
        };
        if (instrument.Vpa is not null)
            json["upi"] = new JsonObject { ["payer_account_type"] = "bank_account", ["vpa"] = instrument.Vpa, ["flow"] = "collect" };
        if (withCard)
            json["card"] = Card(payment);
        return json;
    }

    public static JsonObject? Card(SandboxPayment payment) => payment.Instrument.CardLast4 is null ? null : new JsonObject
    {
        ["id"] = CardId(payment),
        ["entity"] = "card",
        ["name"] = "",
        ["last4"] = payment.Instrument.CardLast4,
        ["network"] = payment.Instrument.CardNetwork,
        ["type"] = "credit",
        ["issuer"] = null,
        ["international"] = payment.Instrument.International,
        ["emi"] = false,
    };

    public static JsonObject Of(SandboxRefund refund) => new()
    {
        ["id"] = refund.Id,
        ["entity"] = "refund",
        ["amount"] = refund.Amount,
        ["currency"] = refund.Currency,
        ["payment_id"] = refund.PaymentId,
        ["notes"] = Notes(refund.Notes),
        ["receipt"] = refund.Receipt,
        ["acquirer_data"] = new JsonObject { ["arn"] = refund.Arn },
        ["created_at"] = refund.CreatedAt,
        ["batch_id"] = null,
        ["status"] = refund.Status,
        ["speed_requested"] = refund.Speed,
        ["speed_processed"] = "normal",
    };

    // Empty notes are an array, filled ones an object: so it is there.
    private static JsonNode Notes(Dictionary<string, string> notes) =>
        notes.Count == 0 ? new JsonArray() : new JsonObject(notes.Select(note => KeyValuePair.Create(note.Key, (JsonNode?)JsonValue.Create(note.Value))));

    private static string? CardId(SandboxPayment payment) => payment.Instrument.CardLast4 is null ? null : "card_" + payment.Id["pay_".Length..];

    private static string Reference(string method) => method switch { "upi" => "rrn", "card" => "auth_code", _ => "bank_transaction_id" };
}
