using Portal.Core.Access;
using Portal.Core.Payments;
using Portal.Outbox;

namespace Portal.Endpoints.Payments;

/// <summary>
/// Where the checkout sends the browser after a success, by a form that comes from the provider's site: it carries no session of ours, so the signature alone
/// stands for it, and the answer only leads to the invoice's page, which asks for a sign-in like any other.
/// </summary>
internal static class CheckoutCallback
{
    private const string Unconfirmed = "/?payment=unconfirmed";
    private const int LongestField = 256;

    public static async Task<IResult> ReceiveAsync(HttpContext http, ConfirmCheckout confirm, CancellationToken cancellationToken)
    {
        if (await ReadAsync(http.Request, cancellationToken) is not { } request)
            return TypedResults.Redirect(Unconfirmed);
        var call = CallContext.System("checkout", "the provider's form carries no session; its signature says which order it is about") with
        {
            IpAddress = http.Connection.RemoteIpAddress?.ToString(),
            UserAgent = http.Request.Headers.UserAgent,
        };
        var result = await confirm.RunAsync(call, request, cancellationToken);
        if (!result.Succeeded)
            return TypedResults.Redirect(Unconfirmed);
        return TypedResults.Redirect(result.Value switch
        {
            { InvoiceId: { } invoiceId } => $"{PortalLinks.InvoicePath(result.Value.OrganisationId, invoiceId)}/pay?payment=processing",
            { PrepaidPurchaseId: { } purchaseId } => $"/o/{result.Value.OrganisationId}/credits?purchase={purchaseId}",
            _ => "/?payment=processing",
        });
    }

    // A failure's form has other fields: then there is nothing to confirm.
    private static async Task<ConfirmCheckoutRequest?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
            return null;
        var form = await request.ReadFormAsync(cancellationToken);
        return Field("razorpay_order_id") is { } order && Field("razorpay_payment_id") is { } payment && Field("razorpay_signature") is { } signature
            ? new ConfirmCheckoutRequest(order, payment, signature)
            : null;

        string? Field(string name) => form[name] is [{ Length: > 0 and <= LongestField } value] ? value : null;
    }
}
