using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Sandbox.Razorpay;

/// <summary>What the sandbox's API answers: a status and JSON, in Razorpay's shape.</summary>
public sealed record SandboxReply(int Status, JsonNode Body) : IResult
{
    // Razorpay sends letters beyond ASCII as they are, which is what trips readers that hash a decoded text.
    internal static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static SandboxReply Ok(JsonNode body) => new(200, body);

    public static SandboxReply Refused(string description, string? field = null, string reason = "input_validation_failed", int status = 400, string code = "BAD_REQUEST_ERROR")
    {
        var error = new JsonObject
        {
            ["code"] = code,
            ["description"] = description,
            ["source"] = status >= 500 ? "internal" : "business",
            ["step"] = "payment_initiation",
            ["reason"] = reason,
            ["metadata"] = new JsonObject(),
        };
        if (field is not null)
            error["field"] = field;
        return new SandboxReply(status, new JsonObject { ["error"] = error });
    }

    public static SandboxReply NoSuchId() => Refused("The id provided does not exist");

    internal static SandboxReply Collection(IReadOnlyList<JsonObject> items) =>
        Ok(new JsonObject { ["entity"] = "collection", ["count"] = items.Count, ["items"] = new JsonArray([.. items]) });

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = "application/json; charset=UTF-8";
        httpContext.Response.Headers.CacheControl = "no-store";
        return httpContext.Response.WriteAsync(Body.ToJsonString(Json), httpContext.RequestAborted);
    }
}
