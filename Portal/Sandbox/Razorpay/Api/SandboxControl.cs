using System.Text.Json.Nodes;
using Portal.Sandbox.Razorpay.State;

namespace Portal.Sandbox.Razorpay.Api;

/// <summary>How people and tests steer the sandbox. JSON only, so that no foreign page can post here.</summary>
internal static class SandboxControl
{
    public static void MapControl(this IEndpointRouteBuilder sandbox)
    {
        var control = sandbox.MapGroup("/control");
        control.MapGet("/state", (RazorpaySandbox it) => SandboxReply.Ok(it.Overview()));
        control.MapGet("/truth", (RazorpaySandbox it) => SandboxReply.Ok(it.Truth()));
        control.MapPost("/settings", ChangeSettings);
        control.MapPost("/faults", AddFaults);
        control.MapDelete("/faults", (RazorpaySandbox it) =>
        {
            it.ClearFaults();
            return Results.NoContent();
        });
        control.MapPost("/orders/{id}/pay", Pay);
        control.MapPost("/deliveries/{id}/resend", (string id, JsonObject _, RazorpaySandbox it) => it.Resend(id) ? Results.NoContent() : SandboxReply.NoSuchId());
    }

    /// <summary>Any part of the settings; what is left out stays as it is.</summary>
    public sealed record SettingsRequest(
        string? NextPayment, double? LateSeconds, string? NextRefund, double? RefundSeconds, bool? AutoCapture, bool? UniqueReceipts, bool? WebhooksOn,
        double? WebhookDelaySeconds, int? WebhookCopies, bool? WebhooksReordered, string? WebhookSecret);

    /// <summary>Asks for faults of the next calls.</summary>
    public sealed record FaultRequest(string? Fault, string? Method, int? Count, double? Seconds);

    /// <summary>Pays without a browser.</summary>
    public sealed record PayRequest(string? Outcome, string? Method, double? LateSeconds);

    public static object Show(SandboxAttempt attempt) => new
    {
        payment_id = attempt.PaymentId,
        order_id = attempt.OrderId,
        status = attempt.Status,
        signature = attempt.Signature,
        error = attempt.Failure is not { } failure ? null : new
        {
            code = failure.Code, description = failure.Description, source = failure.Source, step = failure.Step, reason = failure.Reason,
            metadata = new { order_id = attempt.OrderId, payment_id = attempt.PaymentId },
        },
    };

    private static IResult ChangeSettings(SettingsRequest request, RazorpaySandbox sandbox)
    {
        if (Mistake(request) is { } mistake)
            return SandboxReply.Refused(mistake);
        sandbox.Change(settings =>
        {
            settings.NextPayment = request.NextPayment ?? settings.NextPayment;
            settings.LateSeconds = request.LateSeconds ?? settings.LateSeconds;
            settings.NextRefund = request.NextRefund ?? settings.NextRefund;
            settings.RefundSeconds = request.RefundSeconds ?? settings.RefundSeconds;
            settings.AutoCapture = request.AutoCapture ?? settings.AutoCapture;
            settings.UniqueReceipts = request.UniqueReceipts ?? settings.UniqueReceipts;
            settings.WebhooksOn = request.WebhooksOn ?? settings.WebhooksOn;
            settings.WebhookDelaySeconds = request.WebhookDelaySeconds ?? settings.WebhookDelaySeconds;
            settings.WebhookCopies = request.WebhookCopies ?? settings.WebhookCopies;
            settings.WebhooksReordered = request.WebhooksReordered ?? settings.WebhooksReordered;
            settings.WebhookSecret = request.WebhookSecret ?? settings.WebhookSecret;
        });
        return Results.Json(sandbox.Settings);
    }

    private static string? Mistake(SettingsRequest request) => request switch
    {
        { NextPayment: not (null or "as_chosen" or "success" or "fail" or "late") } => "nextPayment is as_chosen, success, fail or late.",
        { NextRefund: not (null or "processed" or "pending" or "failed") } => "nextRefund is processed, pending or failed.",
        { WebhookSecret: not (null or "current" or "previous" or "forged") } => "webhookSecret is current, previous or forged.",
        { WebhookCopies: < 1 or > 10 } => "webhookCopies is 1 to 10.",
        { LateSeconds: < 0 or > 86400 } or { RefundSeconds: < 0 or > 86400 } or { WebhookDelaySeconds: < 0 or > 86400 } => "Seconds are 0 to 86400.",
        _ => null,
    };

    private static IResult AddFaults(FaultRequest request, RazorpaySandbox sandbox)
    {
        if (request.Fault is not { } kind || !SandboxFault.Kinds.Contains(kind, StringComparer.Ordinal))
            return SandboxReply.Refused($"fault is one of {string.Join(", ", SandboxFault.Kinds)}.");
        if (request.Count is < 1 or > 1000 || request.Seconds is < 0 or > 600)
            return SandboxReply.Refused("count is 1 to 1000, seconds 0 to 600.");
        sandbox.AddFaults(new SandboxFault(kind, request.Method, request.Seconds ?? 2), request.Count ?? 1);
        return Results.NoContent();
    }

    private static IResult Pay(string id, PayRequest request, RazorpaySandbox sandbox)
    {
        SandboxOutcome? outcome = request.Outcome switch { null or "success" => SandboxOutcome.Success, "fail" => SandboxOutcome.Fail, "late" => SandboxOutcome.Late, _ => null };
        var instrument = request.Method switch
        {
            null or "upi" => new SandboxInstrument("upi", Vpa: outcome == SandboxOutcome.Success ? "success@razorpay" : "failure@razorpay"),
            "card" => new SandboxInstrument("card", CardNetwork: "Visa", CardLast4: "1007"),
            "netbanking" => new SandboxInstrument("netbanking", Bank: "HDFC"),
            _ => null,
        };
        if (outcome is null || instrument is null)
            return SandboxReply.Refused("outcome is success, fail or late; method is upi, card or netbanking.");
        return sandbox.Pay(id, instrument with { Email = "payer@example.com", Contact = "+919000000000" }, outcome.Value, lateSeconds: request.LateSeconds) is { } attempt
            ? Results.Json(Show(attempt))
            : SandboxReply.NoSuchId();
    }
}
