using Microsoft.AspNetCore.Mvc;

namespace Portal.Endpoints.Payments;

public static class PaymentEndpoints
{
    // Three short fields.
    private const long MaxFormBytes = 16 * 1024;

    /// <summary>The checkout's way back: <c>POST /pay/callback</c>.</summary>
    public static IEndpointRouteBuilder MapPaymentEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/pay/callback", CheckoutCallback.ReceiveAsync).WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes))
            .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        return endpoints;
    }
}
