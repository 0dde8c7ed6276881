namespace Portal.Endpoints.Payments;

public static class PaymentEndpoints
{
    /// <summary>The checkout's way back: <c>POST /pay/callback</c>.</summary>
    public static IEndpointRouteBuilder MapPaymentEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/pay/callback", CheckoutCallback.ReceiveAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        return endpoints;
    }
}
