using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>How a metric is measured from a month on.</summary>
public sealed record MetricVersionDetails(BillingMonth From, MetricRule Rule, DateTimeOffset CreatedAt);

/// <summary>One metric of the catalogue.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Description">In words.</param>
/// <param name="Rule">As it is measured in the month that runs.</param>
/// <param name="Versions">The latest first; months before the earliest are summed.</param>
/// <param name="InvoicedThrough">The last month that is invoiced to somebody, whose rule stays; null when none is.</param>
/// <param name="NextChange">From when a change holds that names no month.</param>
/// <param name="Month">The month that runs, in UTC.</param>
/// <param name="Events">Events of that month, of everybody.</param>
/// <param name="Organisations">How many organisations sent them.</param>
/// <param name="Prices">Prices in force today.</param>
/// <param name="CreatedAt">When it was first sent or defined.</param>
public sealed record MetricDetails(
    Guid Id, string Name, string Unit, string? Description, MetricRule Rule, IReadOnlyList<MetricVersionDetails> Versions, BillingMonth? InvoicedThrough, BillingMonth NextChange,
    BillingMonth Month, long Events, int Organisations, int Prices, DateTimeOffset CreatedAt);

/// <summary>One metric. It belongs to the platform: staff only.</summary>
public sealed class GetMetric(IBillingStore store, TimeProvider clock)
{
    public async Task<Result<MetricDetails>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PricesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await db.Metrics.AsNoTracking().SingleOrDefaultAsync(metric => metric.Id == id, cancellationToken) is { } metric
            ? await ReadAsync(db, metric, clock.GetUtcNow(), cancellationToken)
            : Failure.NotFound("metric");
    }

    internal static async Task<MetricDetails> ReadAsync(IBillingDb db, Metric metric, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var month = new BillingMonth(now.UtcDateTime.Year, now.UtcDateTime.Month);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var versions = await db.MetricVersions.AsNoTracking().Where(version => version.MetricName == metric.Name && version.Unit == metric.Unit)
            .OrderByDescending(version => version.FromMonth).ToListAsync(cancellationToken);
        var used = await db.UsageAggregates.Where(sum => sum.Year == month.Year && sum.Month == month.Month && sum.MetricName == metric.Name && sum.Unit == metric.Unit)
            .GroupBy(_ => 1).Select(group => new { Events = group.Sum(sum => sum.EventCount), Organisations = group.Select(sum => sum.OrganisationId).Distinct().Count() })
            .SingleOrDefaultAsync(cancellationToken);
        var prices = await db.Prices.CountAsync(
            price => price.MetricName == metric.Name && price.Unit == metric.Unit && price.EffectiveFrom <= today && (price.EffectiveTo == null || price.EffectiveTo > today), cancellationToken);
        var invoiced = await MetricMonths.InvoicedThroughAsync(db, metric.Name, metric.Unit, cancellationToken);
        return new MetricDetails(
            metric.Id, metric.Name, metric.Unit, metric.Description, new MetricRules(versions).Of(metric.Name, metric.Unit, month),
            [.. versions.Select(version => new MetricVersionDetails(BillingMonth.FromIndex(version.FromMonth), version.Rule, version.CreatedAt))],
            invoiced, MetricMonths.Next(invoiced, now),
            month, used?.Events ?? 0, used?.Organisations ?? 0, prices, metric.CreatedAt);
    }
}
