using Portal.Access;
using Portal.Components.Admin.Invoices;
using Portal.Components.Customer.Invoices;
using Portal.Core.Access;
using Portal.Core.Invoicing;

namespace Portal.Endpoints.Downloads;

/// <summary>The lists of invoices as the pages filter them, as CSV.</summary>
internal static class InvoiceLists
{
    private static readonly object?[] s_head =
        ["Number", "Status", "Organisation", "Month", "Currency", "Subtotal", "Tax", "Total", "Paid", "Amount due", "Issued at (UTC)", "Due at (UTC)", "Held because", "Id"];

    public static async Task<IResult> ForStaffAsync(HttpContext http, ICallContexts calls, ListInvoices list, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForStaffAsync(cancellationToken), InvoicesPage.FilterOf(name => http.Request.Query[name]), http, list, cancellationToken);

    public static async Task<IResult> ForCustomerAsync(Guid organisationId, HttpContext http, ICallContexts calls, ListInvoices list, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForOrganisationAsync(organisationId, cancellationToken), CustomerInvoicesPage.FilterOf(name => http.Request.Query[name]), http, list, cancellationToken);

    private static Task<IResult> SendAsync(CallContext call, InvoiceFilter filter, HttpContext http, ListInvoices list, CancellationToken cancellationToken) => CsvList.SendAsync(
        "invoices.csv",
        s_head,
        request => list.RunAsync(call, filter, request, cancellationToken),
        row => row.Id,
        row => [row.Number, row.Status, row.OrganisationName, row.Month.ToString(), row.Currency, row.Subtotal, row.Tax, row.Total, row.AmountPaid, row.AmountDue, row.IssuedAt, row.DueAt, row.HoldReason, row.Id.ToString()],
        http);
}
