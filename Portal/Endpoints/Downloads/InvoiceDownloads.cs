using Portal.Access;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Outbox;

namespace Portal.Endpoints.Downloads;

/// <summary>The stored document of an issued invoice: the same bytes every time.</summary>
internal static class InvoiceDownloads
{
    public static async Task<IResult> ForStaffAsync(Guid id, HttpContext http, ICallContexts calls, GetInvoice get, IInvoiceFiles files, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForStaffAsync(cancellationToken), id, http, get, files, cancellationToken);

    public static async Task<IResult> ForCustomerAsync(Guid organisationId, Guid id, HttpContext http, ICallContexts calls, GetInvoice get, IInvoiceFiles files, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForOrganisationAsync(organisationId, cancellationToken), id, http, get, files, cancellationToken);

    private static async Task<IResult> SendAsync(CallContext call, Guid id, HttpContext http, GetInvoice get, IInvoiceFiles files, CancellationToken cancellationToken)
    {
        var invoice = await get.RunAsync(call, id, cancellationToken);
        if (!invoice.Succeeded)
            return invoice.Failures.ToStatus();
        if (invoice.Value.Invoice.Number is not { } number)
            return TypedResults.NotFound();
        var file = await files.EnsureAsync(call, id, cancellationToken);
        return file.Succeeded ? Pdf.Of(http, file.Value, number) : file.Failures.ToStatus();
    }
}
