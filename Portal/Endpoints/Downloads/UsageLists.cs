using Portal.Access;
using Portal.Components.Shared.Usage;
using Portal.Core.Access;
using Portal.Core.Metering;

namespace Portal.Endpoints.Downloads;

/// <summary>Raw events as the explorer of usage filters them, as CSV: read and sent stretch by stretch, however many there are.</summary>
internal static class UsageLists
{
    private static readonly object?[] s_head =
        ["Happened (UTC)", "Received (UTC)", "Metric", "Quantity", "Unit", "Project id", "Idempotency key", "Replaces", "Id", "API key", "API key id"];

    public static async Task<IResult> EventsForStaffAsync(Guid organisationId, HttpContext http, ICallContexts calls, ListUsageEvents list, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForStaffAsync(cancellationToken), organisationId, http, list, cancellationToken);

    public static async Task<IResult> EventsForCustomerAsync(Guid organisationId, HttpContext http, ICallContexts calls, ListUsageEvents list, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForOrganisationAsync(organisationId, cancellationToken), organisationId, http, list, cancellationToken);

    // An address without a month means all of them.
    private static Task<IResult> SendAsync(CallContext call, Guid organisationId, HttpContext http, ListUsageEvents list, CancellationToken cancellationToken) => CsvList.SendAsync(
        "usage-events.csv",
        s_head,
        request => list.RunAsync(call, UsageAddress.Events(organisationId, month: null, name => http.Request.Query[name]), request, cancellationToken),
        row => row.Id,
        row => [row.Timestamp, row.IngestedAt, row.MetricName, row.Quantity, row.Unit, row.ProjectId.ToString(), row.IdempotencyKey, row.Supersedes?.ToString(), row.Id.ToString(), row.ApiKeyName, row.ApiKeyId?.ToString()],
        http);
}
