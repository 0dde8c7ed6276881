using System.Text.Json.Nodes;
using Portal.Sandbox.Razorpay.State;

namespace Portal.Sandbox.Razorpay;

/// <summary>Something to tell the seller: a snapshot of the moment it happened.</summary>
internal sealed record SandboxEvent(string Type, string About, IReadOnlyList<(string Name, JsonObject Entity)> Entities)
{
    public static SandboxEvent Of(string type, SandboxPayment payment) => new(type, payment.Id, [("payment", SandboxJson.Of(payment))]);

    public static SandboxEvent Of(string type, SandboxPayment payment, SandboxOrder order) =>
        new(type, order.Id, [("payment", SandboxJson.Of(payment)), ("order", SandboxJson.Of(order))]);

    public static SandboxEvent Of(string type, SandboxPayment payment, SandboxRefund refund) =>
        new(type, refund.Id, [("refund", SandboxJson.Of(refund)), ("payment", SandboxJson.Of(payment))]);

    /// <summary>The webhook's text.</summary>
    public string Body(string accountId, long now) => new JsonObject
    {
        ["entity"] = "event",
        ["account_id"] = accountId,
        ["event"] = Type,
        ["contains"] = new JsonArray([.. Entities.Select(entity => JsonValue.Create(entity.Name))]),
        ["payload"] = new JsonObject(Entities.Select(entity => KeyValuePair.Create(entity.Name, (JsonNode?)new JsonObject { ["entity"] = entity.Entity }))),
        ["created_at"] = now,
    }.ToJsonString(SandboxReply.Json);
}
