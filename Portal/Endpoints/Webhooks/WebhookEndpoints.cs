namespace Portal.Endpoints.Webhooks;

public static class WebhookEndpoints
{
    /// <summary>What other systems post to us; authenticated by signature alone.</summary>
    public static IEndpointRouteBuilder MapWebhooks(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGroup("/api/v1/webhooks").WithTags("Webhooks").AllowAnonymous().DisableAntiforgery()
            .MapPost("/razorpay", RazorpayWebhook.ReceiveAsync)
            .Produces(StatusCodes.Status200OK).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .WithSummary("Razorpay's events; the signature is X-Razorpay-Signature over the raw body");
        return endpoints;
    }
}
