namespace Portal.Core.Pricing;

/// <summary>
/// Finds the price that rates a metric: of those in force on the first day of the period the most specific, the organisation's before the
/// plan's before the platform's.
/// </summary>
public sealed class PriceBook
{
    private readonly Dictionary<Guid, PricedTerms> _byId;
    private readonly Dictionary<(string Metric, string Unit), List<PricedTerms>> _byMetric;

    public PriceBook(IEnumerable<Price> prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        _byId = prices.Select(price => new PricedTerms(price, price.Terms)).ToDictionary(price => price.Price.Id);
        _byMetric = _byId.Values.GroupBy(price => (price.Price.MetricName, price.Price.Unit)).ToDictionary(group => group.Key, group => group.ToList());
    }

    /// <summary>The price that rates the whole period that begins on the day, or null: the usage is unpriced.</summary>
    public PricedTerms? InForce(string metricName, string unit, Guid organisationId, Guid? planId, DateOnly firstDay)
    {
        PricedTerms? found = null;
        foreach (var candidate in _byMetric.GetValueOrDefault((metricName, unit)) ?? [])
        {
            if (candidate.Price.EffectiveFrom <= firstDay
                && (candidate.Price.EffectiveTo is null || candidate.Price.EffectiveTo > firstDay)
                && Rank(candidate.Price, organisationId, planId) > (found is null ? 0 : Rank(found.Price, organisationId, planId)))
                found = candidate;
        }

        return found;
    }

    /// <summary>A price by its id, or null when it is not in the book.</summary>
    public PricedTerms? Find(Guid priceId) => _byId.GetValueOrDefault(priceId);

    // 0: not for this organisation.
    private static int Rank(Price price, Guid organisationId, Guid? planId) =>
        (price.OrganisationId is { } owner && owner != organisationId) || (price.PlanId is { } plan && plan != planId)
            ? 0
            : 1 + (price.OrganisationId is null ? 0 : 2) + (price.PlanId is null ? 0 : 1);
}

/// <summary>A price with the numbers that rating needs.</summary>
public sealed record PricedTerms(Price Price, PriceTerms Terms);
