namespace Portal.Sandbox.Razorpay.Api;

/// <summary>Razorpay's own paths: what the adapter, and Razorpay's SDKs, call.</summary>
internal static class SandboxApi
{
    public static void MapApi(this IEndpointRouteBuilder sandbox)
    {
        var v1 = sandbox.MapGroup("/v1").AddEndpointFilter<SandboxFaultFilter>().AddEndpointFilter<SandboxKeyFilter>();
        v1.MapPost("/orders", (HttpRequest request, RazorpaySandbox it) => WithBody(request, it.CreateOrder));
        v1.MapGet("/orders", (HttpRequest request, RazorpaySandbox it) => WithPage(request, page => it.ListOrders(page, request.Query["receipt"])));
        v1.MapGet("/orders/{id}", (string id, RazorpaySandbox it) => it.GetOrder(id));
        v1.MapGet("/orders/{id}/payments", (string id, RazorpaySandbox it) => it.ListOrderPayments(id));
        v1.MapGet("/payments", (HttpRequest request, RazorpaySandbox it) => WithPage(request, it.ListPayments));
        v1.MapGet("/payments/{id}", (string id, HttpRequest request, RazorpaySandbox it) =>
            it.GetPayment(id, request.Query["expand[]"].Concat(request.Query["expand"]).Contains("card", StringComparer.Ordinal)));
        v1.MapGet("/payments/{id}/card", (string id, RazorpaySandbox it) => it.GetCard(id));
        v1.MapPost("/payments/{id}/capture", (string id, HttpRequest request, RazorpaySandbox it) => WithBody(request, body => it.Capture(id, body)));
        v1.MapPost("/payments/{id}/refund", (string id, HttpRequest request, RazorpaySandbox it) =>
            WithBody(request, body => it.CreateRefund(id, body, request.Headers["X-Refund-Idempotency"])));
        v1.MapGet("/payments/{id}/refunds", (string id, HttpRequest request, RazorpaySandbox it) => WithPage(request, page => it.ListRefunds(page, id)));
        v1.MapGet("/payments/{id}/refunds/{refundId}", (string id, string refundId, RazorpaySandbox it) => it.GetRefund(refundId, id));
        v1.MapGet("/refunds", (HttpRequest request, RazorpaySandbox it) => WithPage(request, page => it.ListRefunds(page)));
        v1.MapGet("/refunds/{id}", (string id, RazorpaySandbox it) => it.GetRefund(id));
        v1.Map("/{**rest}", () => SandboxReply.Refused("The requested URL was not found on the server."));
    }

    private static async Task<SandboxReply> WithBody(HttpRequest request, Func<SandboxBody, SandboxReply> act) =>
        await SandboxBody.ReadAsync(request) is { } body ? act(body) : SandboxReply.Refused("The request body is not a valid JSON object.");

    private static SandboxReply WithPage(HttpRequest request, Func<SandboxPage, SandboxReply> act) =>
        SandboxPage.TryRead(request.Query, out var page, out var refused) ? act(page) : refused!;
}
