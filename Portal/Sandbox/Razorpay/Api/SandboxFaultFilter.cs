using System.Text.Json.Nodes;

namespace Portal.Sandbox.Razorpay.Api;

/// <summary>Lets calls go wrong in the ways that networks and gateways do, when the control page asked for it.</summary>
internal sealed class SandboxFaultFilter(RazorpaySandbox sandbox, TimeProvider time) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (sandbox.TakeFault(http.Request.Method) is not { } fault)
            return await next(context);
        switch (fault.Kind)
        {
            case "429":
                return SandboxReply.Refused("Too many requests", reason: "NA", status: 429);
            case "409":
                return SandboxReply.Refused("The request is still in progress", reason: "duplicate_request", status: 409);
            case "500":
                return ServerError(500);
            case "502-html":
                return Results.Content("<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>", "text/html", statusCode: 502);
            case "504":
                return ServerError(504);
            case "redirect":
                return Results.Redirect("/sandbox/razorpay/elsewhere");
            case "drop":
                http.Abort();
                return Results.Empty;
        }

        var reply = await next(context);
        switch (fault.Kind)
        {
            case "commit-then-slow":
                await Task.Delay(TimeSpan.FromSeconds(fault.Seconds), time, http.RequestAborted);
                return reply;
            case "commit-then-hang":
                await Task.Delay(Timeout.InfiniteTimeSpan, time, http.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
                return Results.Empty;
            case "commit-then-500":
                return ServerError(500);
            case "commit-then-truncate":
                return Results.Text(reply is SandboxReply whole ? Half(whole) : "{", "application/json");
            case "commit-then-unknown-words":
                return reply is SandboxReply { Body: JsonObject json } known ? known with { Body = WithUnknownWords(json) } : reply;
            default: // commit-then-drop
                http.Abort();
                return Results.Empty;
        }
    }

    private static SandboxReply ServerError(int status) =>
        SandboxReply.Refused("We are facing some trouble completing your request at the moment. Please try again shortly.", reason: "server_error", status: status, code: "SERVER_ERROR");

    private static string Half(SandboxReply reply)
    {
        var text = reply.Body.ToJsonString(SandboxReply.Json);
        return text[..(text.Length / 2)];
    }

    private static JsonObject WithUnknownWords(JsonObject json)
    {
        var changed = (JsonObject)json.DeepClone();
        if (changed.ContainsKey("status"))
            changed["status"] = "teleported";
        changed["a_field_of_next_year"] = new JsonObject { ["deep"] = new JsonArray(1, 2, 3) };
        return changed;
    }
}
