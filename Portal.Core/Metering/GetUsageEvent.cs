using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>One event with all that was sent.</summary>
/// <param name="Event">What lists show, too.</param>
/// <param name="ProjectName">The project's name.</param>
/// <param name="Metadata">A JSON object, or null.</param>
/// <param name="Month">The billing month that it counts in.</param>
public sealed record UsageEventDetails(UsageEventRow Event, string ProjectName, string? Metadata, BillingMonth Month);

/// <summary>One raw event.</summary>
public sealed class GetUsageEvent(IBillingStore store)
{
    public async Task<Result<UsageEventDetails>> RunAsync(CallContext call, Guid organisationId, Guid eventId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.UsageRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var found = await db.UsageEvents.AsNoTracking()
            .Where(row => row.OrganisationId == organisationId && row.Id == eventId)
            .Select(row => new
            {
                Row = new UsageEventRow(row.Id, row.ProjectId, row.MetricName, row.MetricValue, row.Unit, row.Timestamp, row.IngestedAt, row.IdempotencyKey, row.Supersedes),
                ProjectName = db.Projects.Where(project => project.Id == row.ProjectId).Select(project => project.Name).FirstOrDefault(),
                row.Metadata,
                row.BillingMonth,
            })
            .FirstOrDefaultAsync(cancellationToken);
        return found is null
            ? Failure.NotFound("usage event")
            : new UsageEventDetails(found.Row, found.ProjectName ?? "", found.Metadata, BillingMonth.FromIndex(found.BillingMonth));
    }
}
