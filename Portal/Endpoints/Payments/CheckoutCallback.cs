using Microsoft.AspNetCore.Mvc;
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
    public static async Task<IResult> ReceiveAsync([FromForm] CheckoutForm form, HttpContext http, ConfirmCheckout confirm, CancellationToken cancellationToken)
    {
        if (form is not { razorpay_order_id: { Length: > 0 and <= 64 } order, razorpay_payment_id: { Length: > 0 and <= 64 } payment, razorpay_signature: { Length: > 0 and <= 256 } signature })
            return TypedResults.Redirect("/payments?payment=unconfirmed");
        var call = CallContext.System("checkout", "the provider's form carries no session; its signature says which order it is about") with
        {
            IpAddress = http.Connection.RemoteIpAddress?.ToString(),
            UserAgent = http.Request.Headers.UserAgent,
        };
        var result = await confirm.RunAsync(call, new ConfirmCheckoutRequest(order, payment, signature), cancellationToken);
        return TypedResults.Redirect(result.Succeeded ? $"{PortalLinks.InvoicePath(result.Value.InvoiceId)}?payment=processing" : "/payments?payment=unconfirmed");
    }

#pragma warning disable IDE1006, SA1300 // Named as the provider's form names them.
    /// <summary>The three fields of the checkout.</summary>
    internal sealed record CheckoutForm(string? razorpay_order_id, string? razorpay_payment_id, string? razorpay_signature);
#pragma warning restore IDE1006, SA1300
}
