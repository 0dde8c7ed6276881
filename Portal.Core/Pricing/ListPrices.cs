using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Pricing;

/// <summary>Which prices are asked for; a filter that is null does not apply.</summary>
public sealed record PriceFilter
{
    public string? MetricName { get; init; }

    public string? Unit { get; init; }

    /// <summary>Only those of this organisation.</summary>
    public Guid? OrganisationId { get; init; }

    /// <summary>Only those of this plan.</summary>
    public Guid? PlanId { get; init; }

    /// <summary>Only those in force on this day.</summary>
    public DateOnly? InForceOn { get; init; }
}

/// <summary>Lists prices, newest first; sorts by <c>metricName</c>, <c>effectiveFrom</c> or <c>organisation</c>; searches metric and unit.</summary>
public sealed class ListPrices(IBillingStore store)
{
    public async Task<Result<PagedList<PriceDetails>>> RunAsync(CallContext call, PriceFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.PricesRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var prices = Filter(db.Prices.AsNoTracking(), call, filter, list.Search);
        int? total = list.WithTotal ? await prices.CountAsync(cancellationToken) : null;
        var rows = await (
            from price in Page(Sort(prices, list), list).Include(price => price.Tiers)
            select new { Price = price, Organisation = db.Organisations.Where(organisation => organisation.Id == price.OrganisationId).Select(organisation => organisation.Name).FirstOrDefault(), Plan = db.Plans.Where(plan => plan.Id == price.PlanId).Select(plan => plan.Name).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        return PagedList<PriceDetails>.Cut([.. rows.Select(row => PriceDetails.Of(row.Price, row.Organisation, row.Plan))], list, total);
    }

    private static IQueryable<Price> Filter(IQueryable<Price> prices, CallContext call, PriceFilter filter, string? search)
    {
        if (call.OrganisationId is { } own)
            prices = prices.Where(price => price.OrganisationId == null || price.OrganisationId == own);
        if (filter.MetricName is { } metric)
            prices = prices.Where(price => price.MetricName == metric);
        if (filter.Unit is { } unit)
            prices = prices.Where(price => price.Unit == unit);
        if (filter.OrganisationId is { } owner)
            prices = prices.Where(price => price.OrganisationId == owner);
        if (filter.PlanId is { } plan)
            prices = prices.Where(price => price.PlanId == plan);
        if (filter.InForceOn is { } day)
            prices = prices.Where(price => price.EffectiveFrom <= day && (price.EffectiveTo == null || price.EffectiveTo > day));
        if (!string.IsNullOrWhiteSpace(search))
        {
            var needle = search.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            prices = prices.Where(price => price.MetricName.ToLower().Contains(needle) || price.Unit.ToLower().Contains(needle));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        return prices;
    }

    private static IQueryable<Price> Sort(IQueryable<Price> prices, ListRequest list) => (list.After is null ? list.Sort : null, list.Descending) switch
    {
        ("metricName", false) => prices.OrderBy(price => price.MetricName).ThenBy(price => price.Unit).ThenBy(price => price.Id),
        ("metricName", true) => prices.OrderByDescending(price => price.MetricName).ThenByDescending(price => price.Unit).ThenByDescending(price => price.Id),
        ("effectiveFrom", false) => prices.OrderBy(price => price.EffectiveFrom).ThenBy(price => price.Id),
        ("effectiveFrom", true) => prices.OrderByDescending(price => price.EffectiveFrom).ThenByDescending(price => price.Id),
        ("organisation", false) => prices.OrderBy(price => price.OrganisationId).ThenBy(price => price.Id),
        ("organisation", true) => prices.OrderByDescending(price => price.OrganisationId).ThenByDescending(price => price.Id),
        _ => prices.OrderByDescending(price => price.Id),
    };

    private static IQueryable<Price> Page(IQueryable<Price> prices, ListRequest list) =>
        list.After is { } after ? prices.Where(price => price.Id < after).Take(list.Fetch) : prices.Skip(list.Skip).Take(list.Fetch);
}
