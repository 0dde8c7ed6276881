using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>An entry of the catalogue.</summary>
public sealed record MetricRow(Guid Id, string Name, string Unit, string? Description, DateTimeOffset CreatedAt);

/// <summary>Lists the catalogue of metrics, by name. Searches the name. It belongs to the platform: staff only.</summary>
public sealed class ListMetrics(IBillingStore store)
{
    public async Task<Result<PagedList<MetricRow>>> RunAsync(CallContext call, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.PricesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rows = db.Metrics.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var pattern = LikePattern.Containing(list.Search);
            rows = rows.Where(metric => EF.Functions.Like(metric.Name.ToLower(), pattern, @"\"));
        }

        int? total = list.WithTotal ? await rows.CountAsync(cancellationToken) : null;
        var fetched = await rows.OrderBy(metric => metric.Name).ThenBy(metric => metric.Unit).Skip(list.Skip).Take(list.Fetch)
            .Select(metric => new MetricRow(metric.Id, metric.Name, metric.Unit, metric.Description, metric.CreatedAt))
            .ToListAsync(cancellationToken);
        return PagedList<MetricRow>.Cut(fetched, list, total);
    }
}
