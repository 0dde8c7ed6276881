using Portal.Access;
using Portal.Core.Access;
using Portal.Core.Invoicing;

namespace Portal.Endpoints.Downloads;

/// <summary>The events that a line of an invoice counts, as CSV.</summary>
internal static class LineEventLists
{
    private static readonly object?[] s_head = ["Happened (UTC)", "Received (UTC)", "Metric", "Quantity", "Unit", "Project id", "Idempotency key", "Replaces", "Id"];

    public static async Task<IResult> ForStaffAsync(Guid id, int position, HttpContext http, ICallContexts calls, ListLineEvents list, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForStaffAsync(cancellationToken), id, position, http, list, cancellationToken);

    public static async Task<IResult> ForCustomerAsync(Guid organisationId, Guid id, int position, HttpContext http, ICallContexts calls, ListLineEvents list, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForOrganisationAsync(organisationId, cancellationToken), id, position, http, list, cancellationToken);

    private static Task<IResult> SendAsync(CallContext call, Guid id, int position, HttpContext http, ListLineEvents list, CancellationToken cancellationToken) => CsvList.SendAsync(
        $"line-{position}-events.csv",
        s_head,
        request => list.RunAsync(call, new LineEventsRequest(id, position), request, cancellationToken),
        row => row.Id,
        row => [row.Timestamp, row.IngestedAt, row.MetricName, row.Quantity, row.Unit, row.ProjectId.ToString(), row.IdempotencyKey, row.Supersedes?.ToString(), row.Id.ToString()],
        http);
}
