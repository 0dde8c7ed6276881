using System.Globalization;
using Portal.Access;
using Portal.Core.Invoicing;

namespace Portal.Endpoints.Downloads;

/// <summary>How an invoice stands, for the page that pays without a circuit and waits for the money.</summary>
internal static class PaymentState
{
    public static async Task<IResult> GetAsync(Guid organisationId, Guid id, HttpContext http, ICallContexts calls, GetInvoice get, CancellationToken cancellationToken)
    {
        var invoice = await get.RunAsync(await calls.ForOrganisationAsync(organisationId, cancellationToken), id, cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return invoice.Succeeded
            ? TypedResults.Ok(new { status = invoice.Value.Invoice.Status.ToString(), amountDue = invoice.Value.Invoice.AmountDue.ToString(CultureInfo.InvariantCulture) })
            : invoice.Failures.ToStatus();
    }
}
