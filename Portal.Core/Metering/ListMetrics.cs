using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>An entry of the catalogue.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Description">In words.</param>
/// <param name="Rule">As it is measured in the month that runs, in UTC.</param>
/// <param name="Events">Events of that month, of everybody; null where they were not asked for.</param>
/// <param name="IsPriced">Some price of it is in force today.</param>
/// <param name="CreatedAt">When it was first sent or defined.</param>
public sealed record MetricRow(Guid Id, string Name, string Unit, string? Description, MetricRule Rule, long? Events, bool IsPriced, DateTimeOffset CreatedAt);

/// <summary>Lists the catalogue of metrics, by name. Searches the name. It belongs to the platform: staff only.</summary>
public sealed class ListMetrics(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>prices:read</c>.</summary>
    public Task<Result<PagedList<MetricRow>>> RunAsync(CallContext call, ListRequest list, CancellationToken cancellationToken) => RunAsync(call, list, withEvents: true, cancellationToken);

    /// <summary>Needs <c>prices:read</c>. Without the events, whose sums are many, the catalogue is read alone.</summary>
    public async Task<Result<PagedList<MetricRow>>> RunAsync(CallContext call, ListRequest list, bool withEvents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.PricesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var now = clock.GetUtcNow().UtcDateTime;
        var (month, today) = (new BillingMonth(now.Year, now.Month), DateOnly.FromDateTime(now));
        var rows = db.Metrics.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var pattern = LikePattern.Containing(list.Search);
            rows = rows.Where(metric => EF.Functions.Like(metric.Name.ToLower(), pattern, @"\"));
        }

        int? total = list.WithTotal ? await rows.CountAsync(cancellationToken) : null;
        var fetched = await rows.OrderBy(metric => metric.Name).ThenBy(metric => metric.Unit).Skip(list.Skip).Take(list.Fetch)
            .Select(metric => new
            {
                Metric = metric,
                IsPriced = db.Prices.Any(price => price.MetricName == metric.Name && price.Unit == metric.Unit && price.EffectiveFrom <= today && (price.EffectiveTo == null || price.EffectiveTo > today)),
            })
            .ToListAsync(cancellationToken);
        var events = withEvents ? await EventsAsync(db, month, cancellationToken) : null;
        var rules = await MetricRules.ReadAsync(db, cancellationToken);
        return PagedList<MetricRow>.Cut(
            [.. fetched.Select(row => new MetricRow(
                row.Metric.Id, row.Metric.Name, row.Metric.Unit, row.Metric.Description, rules.Of(row.Metric.Name, row.Metric.Unit, month), events?.GetValueOrDefault((row.Metric.Name, row.Metric.Unit)), row.IsPriced, row.Metric.CreatedAt))],
            list, total);
    }

    /// <summary>Events of the month that runs, in UTC, of everybody, by metric and unit. Needs <c>prices:read</c>.</summary>
    public async Task<Result<IReadOnlyDictionary<(string MetricName, string Unit), long>>> EventsAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PricesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var now = clock.GetUtcNow().UtcDateTime;
        return Result<IReadOnlyDictionary<(string, string), long>>.From(await EventsAsync(db, new BillingMonth(now.Year, now.Month), cancellationToken));
    }

    private static async Task<Dictionary<(string MetricName, string Unit), long>> EventsAsync(IBillingDb db, BillingMonth month, CancellationToken cancellationToken) =>
        await db.UsageAggregates.Where(sum => sum.Year == month.Year && sum.Month == month.Month)
            .GroupBy(sum => new { sum.MetricName, sum.Unit })
            .Select(group => new { group.Key, Events = group.Sum(sum => sum.EventCount) })
            .ToDictionaryAsync(row => (row.Key.MetricName, row.Key.Unit), row => row.Events, cancellationToken);
}
