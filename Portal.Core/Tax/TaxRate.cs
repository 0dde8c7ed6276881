using Portal.Core.Kernel;

namespace Portal.Core.Tax;

/// <summary>
/// A rate of tax in a country, or in one of its regions, or for one code of goods and services there, over a range of days. Two of the
/// same scope are never in force on one day: the database refuses it. A rate is ended, never edited.
/// </summary>
public sealed class TaxRate : IInForce
{
    private TaxRate() { }

    public Guid Id { get; private set; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string Country { get; private set; } = "";

    /// <summary>State or region as customers' addresses have it; null for the whole country.</summary>
    public string? Region { get; private set; }

    /// <summary>Only for lines whose price bears this code, or one that begins with it; null for all.</summary>
    public string? HsnSac { get; private set; }

    /// <summary>As printed, e.g. <c>VAT</c>.</summary>
    public string Label { get; private set; } = "";

    /// <summary>Per cent, 0 to 100, at most 4 decimals.</summary>
    public decimal Rate { get; private set; }

    /// <summary>True: prices contain it; false: it comes on top.</summary>
    public bool IsInclusive { get; private set; }

    public DateOnly EffectiveFrom { get; private set; }

    public DateOnly? EffectiveTo { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static TaxRate Create(TaxRateTerms terms, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new TaxRate
        {
            Id = Guid.CreateVersion7(now),
            Country = terms.Country,
            Region = terms.Region,
            HsnSac = terms.HsnSac,
            Label = terms.Label,
            Rate = terms.Rate,
            IsInclusive = terms.IsInclusive,
            EffectiveFrom = terms.EffectiveFrom,
            EffectiveTo = terms.EffectiveTo,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>Ends it: <paramref name="effectiveTo"/> is the first day it is no longer in force. An end can be brought forward, not undone.</summary>
    public void End(DateOnly effectiveTo, DateTimeOffset now)
    {
        if (effectiveTo <= EffectiveFrom || EffectiveTo <= effectiveTo)
            throw new IllegalTransitionException("A rate ends after its first day and before any end that it already has.");
        (EffectiveTo, UpdatedAt) = (effectiveTo, now);
    }

    /// <summary>The rate for a place, a line's code and a day: the code before the region, the region before the country; null when none is set.</summary>
    public static TaxRate? Find(IEnumerable<TaxRate> rates, string country, string? region, string? hsnSac, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(rates);
        TaxRate? best = null;
        foreach (var rate in rates)
        {
            if (rate.Country != country || !rate.IsInForce(day)
                || (rate.Region is not null && rate.Region != region)
                || (rate.HsnSac is not null && hsnSac?.StartsWith(rate.HsnSac, StringComparison.Ordinal) != true))
                continue;
            if (best is null || Rank(rate) > Rank(best))
                best = rate;
        }

        return best;
    }

    private static int Rank(TaxRate rate) => ((rate.HsnSac?.Length ?? 0) * 2) + (rate.Region is null ? 0 : 1);
}

/// <summary>A rate that is to be made.</summary>
public sealed record TaxRateTerms(
    string Country, string Label, decimal Rate, DateOnly EffectiveFrom, DateOnly? EffectiveTo = null, string? Region = null, string? HsnSac = null, bool IsInclusive = false);
