using Portal.Access;
using Portal.Core.Access;
using Portal.Core.Support;

namespace Portal.Endpoints.Downloads;

/// <summary>Files of tickets: what a stranger sent is only ever saved, never shown by the browser in our name.</summary>
internal static class TicketFiles
{
    public static async Task<IResult> ForStaffAsync(Guid id, HttpContext http, ICallContexts calls, GetTicketAttachment get, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForStaffAsync(cancellationToken), id, http, get, cancellationToken);

    public static async Task<IResult> ForCustomerAsync(Guid organisationId, Guid id, HttpContext http, ICallContexts calls, GetTicketAttachment get, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForOrganisationAsync(organisationId, cancellationToken), id, http, get, cancellationToken);

    /// <summary>Leads from a mail's subject to its ticket.</summary>
    public static async Task<IResult> OfMessageAsync(Guid id, ICallContexts calls, GetTicket get, CancellationToken cancellationToken)
    {
        var ticket = await get.OfMessageAsync(await calls.ForStaffAsync(cancellationToken), id, cancellationToken);
        return ticket.Succeeded ? TypedResults.LocalRedirect($"/admin/support/{ticket.Value}") : ticket.Failures.ToStatus();
    }

    /// <summary>The file as an attachment, by its true type.</summary>
    public static IResult Of(HttpContext http, TicketAttachment file)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return TypedResults.File(file.Content, file.ContentType, file.FileName);
    }

    private static async Task<IResult> SendAsync(CallContext call, Guid id, HttpContext http, GetTicketAttachment get, CancellationToken cancellationToken)
    {
        var file = await get.RunAsync(call, id, cancellationToken);
        return file.Succeeded ? Of(http, file.Value) : file.Failures.ToStatus();
    }
}
