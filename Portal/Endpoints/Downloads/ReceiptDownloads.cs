using Portal.Access;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Payments;

namespace Portal.Endpoints.Downloads;

/// <summary>The receipt of a payment, made when it is asked for.</summary>
internal static class ReceiptDownloads
{
    public static async Task<IResult> ForStaffAsync(Guid id, HttpContext http, ICallContexts calls, GetReceiptDocument get, IInvoicePdf pdf, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForStaffAsync(cancellationToken), id, http, get, pdf, cancellationToken);

    public static async Task<IResult> ForCustomerAsync(Guid organisationId, Guid id, HttpContext http, ICallContexts calls, GetReceiptDocument get, IInvoicePdf pdf, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForOrganisationAsync(organisationId, cancellationToken), id, http, get, pdf, cancellationToken);

    private static async Task<IResult> SendAsync(CallContext call, Guid id, HttpContext http, GetReceiptDocument get, IInvoicePdf pdf, CancellationToken cancellationToken)
    {
        var receipt = await get.RunAsync(call, id, cancellationToken);
        if (!receipt.Succeeded)
            return receipt.Failures.ToStatus();
        try
        {
            return Pdf.Of(http, await pdf.RenderAsync(receipt.Value, cancellationToken), receipt.Value.Number);
        }
        catch (DocumentException)
        {
            // The document engine has logged why.
            http.Response.Headers.RetryAfter = "5";
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
