using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.BillingRuns;

/// <summary>
/// Usage of this month and the one before that no price covers as prices stand now, over all organisations; by metric, unit, organisation and month. Searches the
/// metric. A month counts as in the organisation's zone. Staff only; paged by skip.
/// </summary>
public sealed class ListUnpricedNow(IBillingStore store, TimeProvider clock)
{
    public async Task<Result<PagedList<UnpricedUsageDetails>>> RunAsync(CallContext call, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.PricesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        // Where a month begins first on earth, the next one runs already.
        var latest = new BillingMonth(now.AddHours(14).UtcDateTime.Year, now.AddHours(14).UtcDateTime.Month);
        var months = (BillingMonth[])[latest, latest.Previous, latest.Previous.Previous];
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        IQueryable<UnpricedRow>? rows = null;
        foreach (var month in months.Take(latest.FirstDay > DateOnly.FromDateTime(now.UtcDateTime) ? 3 : 2))
        {
            var part = Of(db, month, list.Search);
            rows = rows is null ? part : rows.Concat(part);
        }

        var found = await rows!
            .OrderBy(row => row.MetricName).ThenBy(row => row.Unit).ThenBy(row => row.Name).ThenBy(row => row.OrganisationId).ThenBy(row => row.Year).ThenBy(row => row.Month)
            .Skip(list.Skip).Take(list.Fetch).ToListAsync(cancellationToken);
        // What goes through the month's sums is done once where a page says how many there are.
        int? total = list.WithTotal ? list.TotalOf(found.Count) ?? await rows!.CountAsync(cancellationToken) : null;
        return PagedList<UnpricedUsageDetails>.Cut(
            [.. found.Select(row => new UnpricedUsageDetails(row.OrganisationId, row.Name, row.MetricName, row.Unit, new BillingMonth(row.Year, row.Month), row.Quantity, row.EventCount))], list, total);
    }

    private static IQueryable<UnpricedRow> Of(IBillingDb db, BillingMonth month, string? search)
    {
        var (day, next) = (month.FirstDay, month.Next.FirstDay);
        var prices = db.Prices.Where(price => price.EffectiveFrom <= day && (price.EffectiveTo == null || price.EffectiveTo > day));
        var plans =
            from price in prices
            join phase in db.SubscriptionPhases on price.PlanId equals phase.PlanId
            where (price.OrganisationId == null || price.OrganisationId == phase.OrganisationId) && phase.StartsOn < next && (phase.EndsOn == null || (phase.EndsOn > day && phase.EndsOn > phase.StartsOn))
            select new { price.MetricName, price.Unit, phase.OrganisationId };
        // What everybody has a price for is nobody's: told once for each metric of the catalogue, which all usage stands in, and not for each sum.
        var open = db.Metrics.Where(metric => !prices.Any(price => price.MetricName == metric.Name && price.Unit == metric.Unit && price.PlanId == null && price.OrganisationId == null));
        // One question for each other scope: each is answered for all sums at once, which a question with "or" in it is not.
        var used = db.UsageAggregates.Where(sum => sum.Year == month.Year && sum.Month == month.Month && sum.EventCount > 0
            && open.Any(metric => metric.Name == sum.MetricName && metric.Unit == sum.Unit)
            && !prices.Any(price => price.MetricName == sum.MetricName && price.Unit == sum.Unit && price.PlanId == null && price.OrganisationId == sum.OrganisationId)
            && !plans.Any(price => price.MetricName == sum.MetricName && price.Unit == sum.Unit && price.OrganisationId == sum.OrganisationId));
        if (!string.IsNullOrWhiteSpace(search))
        {
            var pattern = LikePattern.Containing(search);
#pragma warning disable CA1304, CA1311, MA0011 // Runs in the database.
            used = used.Where(sum => EF.Functions.Like(sum.MetricName.ToLower(), pattern, @"\"));
#pragma warning restore CA1304, CA1311, MA0011
        }

        return
            from sum in used
            join organisation in db.Organisations on sum.OrganisationId equals organisation.Id
            group sum by new { sum.OrganisationId, organisation.Name, sum.MetricName, sum.Unit, sum.Year, sum.Month } into metric
            select new UnpricedRow
            {
                OrganisationId = metric.Key.OrganisationId,
                Name = metric.Key.Name,
                MetricName = metric.Key.MetricName,
                Unit = metric.Key.Unit,
                Year = metric.Key.Year,
                Month = metric.Key.Month,
                Quantity = metric.Sum(row => row.TotalValue),
                EventCount = metric.Sum(row => row.EventCount),
            };
    }

    private sealed class UnpricedRow
    {
        public Guid OrganisationId { get; init; }

        public required string Name { get; init; }

        public required string MetricName { get; init; }

        public required string Unit { get; init; }

        public int Year { get; init; }

        public int Month { get; init; }

        public decimal Quantity { get; init; }

        public long EventCount { get; init; }
    }
}
