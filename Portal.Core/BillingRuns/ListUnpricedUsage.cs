using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.BillingRuns;

/// <summary>Usage that a run found no price for.</summary>
public sealed record UnpricedUsageDetails(Guid OrganisationId, string OrganisationName, string MetricName, string Unit, BillingMonth Month, decimal Quantity, long EventCount);

/// <summary>Lists the unpriced usage of a run, by organisation, metric, unit and month. Paged by skip.</summary>
public sealed class ListUnpricedUsage(IBillingStore store)
{
    public async Task<Result<PagedList<UnpricedUsageDetails>>> RunAsync(CallContext call, Guid runId, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.BillingRunsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (!await db.BillingRuns.AnyAsync(run => run.Id == runId, cancellationToken))
            return Failure.NotFound("billing run");
        var rows =
            from usage in db.UnpricedUsage
            join organisation in db.Organisations on usage.OrganisationId equals organisation.Id
            where usage.BillingRunId == runId
            select new { usage, organisation.Name };
        int? total = list.WithTotal ? await rows.CountAsync(cancellationToken) : null;
        var found = await rows
            .OrderBy(row => row.Name).ThenBy(row => row.usage.OrganisationId).ThenBy(row => row.usage.MetricName).ThenBy(row => row.usage.Unit).ThenBy(row => row.usage.UsageYear).ThenBy(row => row.usage.UsageMonth)
            .Skip(list.Skip).Take(list.Fetch)
            .Select(row => new UnpricedUsageDetails(row.usage.OrganisationId, row.Name, row.usage.MetricName, row.usage.Unit, new BillingMonth(row.usage.UsageYear, row.usage.UsageMonth), row.usage.Quantity, row.usage.EventCount))
            .ToListAsync(cancellationToken);
        return PagedList<UnpricedUsageDetails>.Cut(found, list, total);
    }
}
