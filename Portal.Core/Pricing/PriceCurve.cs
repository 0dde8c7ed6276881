namespace Portal.Core.Pricing;

/// <summary>What a quantity comes to.</summary>
/// <param name="Quantity">Units.</param>
/// <param name="Amount">Unrounded.</param>
public readonly record struct PricePoint(decimal Quantity, decimal Amount)
{
    /// <summary>On average for a unit; null at none.</summary>
    public decimal? PerUnit => Quantity == 0 ? null : Amount / Quantity;
}

/// <summary>A bound at which one unit more moves the whole amount.</summary>
/// <param name="Above">The quantity up to which the amount is <paramref name="Before"/>.</param>
/// <param name="Before">The amount at the bound.</param>
/// <param name="After">The amount just above it.</param>
public sealed record PriceCliff(decimal Above, decimal Before, decimal After);

/// <summary>The shape of a price: the amount over the quantity.</summary>
public static class PriceCurve
{
    /// <summary>Smaller than any quantity people draw, and kept exactly.</summary>
    private const decimal Little = 0.000000001m;

    private const int Even = 120;
    private const int MostBounds = 200;

    /// <summary>The amount at evenly spaced quantities, and at and just above every bound, in order.</summary>
    /// <param name="terms">The price.</param>
    /// <param name="last">The largest quantity, above 0.</param>
    /// <param name="eventsPerUnit">How many events a unit stands for; only a percentage looks at it.</param>
    public static IReadOnlyList<PricePoint> Of(PriceTerms terms, decimal last, decimal eventsPerUnit = 0)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(last);
        var quantities = new SortedSet<decimal>(Enumerable.Range(0, Even + 1).Select(index => last * index / Even));
        foreach (var bound in Bounds(terms).TakeWhile(bound => bound < last).Take(MostBounds))
        {
            quantities.Add(bound);
            quantities.Add(bound + Little);
        }

        return [.. quantities.Select(quantity => new PricePoint(quantity, Rating.Amount(terms, quantity, (long)decimal.Round(quantity * eventsPerUnit, 0, MidpointRounding.AwayFromZero))))];
    }

    /// <summary>
    /// The bounds of a volume or stair price where a unit more costs less than none, and those of a volume price where it costs more than its own price.
    /// Worth a warning and nothing more: such prices are sold.
    /// </summary>
    public static IReadOnlyList<PriceCliff> Cliffs(PriceTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Model is not (PriceModel.Volume or PriceModel.StairStep))
            return [];
        var cliffs = new List<PriceCliff>();
        for (var index = 0; index < terms.Tiers.Count - 1; index++)
        {
            var (tier, next, bound) = (terms.Tiers[index], terms.Tiers[index + 1], terms.Tiers[index].UpTo ?? 0);
            var (before, after) = terms.Model == PriceModel.Volume
                ? ((bound * tier.Price) + tier.Flat, (bound * next.Price) + next.Flat)
                : (tier.Price + tier.Flat, next.Price + next.Flat);
            if (after < before || (after > before && terms.Model == PriceModel.Volume))
                cliffs.Add(new PriceCliff(bound + terms.Included, before, after));
        }

        return cliffs;
    }

    // Where the price per unit changes, or the amount jumps.
    private static IEnumerable<decimal> Bounds(PriceTerms terms)
    {
        if (terms.Included > 0)
            yield return terms.Included;
        foreach (var tier in terms.Tiers)
        {
            if (tier.UpTo is { } upTo)
                yield return terms.Included + upTo;
        }

        if (terms.Percentage is { FreeAmount: > 0 } percentage)
            yield return terms.Included + percentage.FreeAmount;
        if (terms.Package is not { Size: > 0 } package)
            yield break;
        for (var count = 0; count < MostBounds; count++)
            yield return terms.Included + package.Free + (count * package.Size);
    }
}
