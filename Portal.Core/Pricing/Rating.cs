namespace Portal.Core.Pricing;

/// <summary>One row of how an amount came about.</summary>
/// <param name="From">Units before this row.</param>
/// <param name="UpTo">Upper bound of the tier, inclusive; null when open.</param>
/// <param name="Units">Units rated in this row.</param>
/// <param name="Price">Per unit.</param>
/// <param name="Flat">Flat fee of the tier.</param>
/// <param name="Amount">Units x price + flat, unrounded.</param>
public sealed record RatedRow(decimal From, decimal? UpTo, decimal Units, decimal Price, decimal Flat, decimal Amount);

/// <summary>What a quantity costs, and why.</summary>
/// <param name="Quantity">As measured.</param>
/// <param name="Included">Taken off before rating.</param>
/// <param name="Rated">Quantity less allowance, never below 0.</param>
/// <param name="Rows">The tiers reached, or the one row of the standard model.</param>
/// <param name="Bound"><c>minimum</c> or <c>maximum</c> when a bound decided, else null.</param>
/// <param name="Amount">Unrounded.</param>
public sealed record RatedAmount(decimal Quantity, decimal Included, decimal Rated, IReadOnlyList<RatedRow> Rows, string? Bound, decimal Amount);

/// <summary>Rates a quantity: pure, exact, unrounded. Rounding happens once, on the invoice line.</summary>
public static class Rating
{
    /// <summary>The amount of a quantity under the terms. The quantity must not be negative.</summary>
    public static RatedAmount Rate(PriceTerms terms, decimal quantity)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentOutOfRangeException.ThrowIfNegative(quantity);
        var included = Math.Min(quantity, terms.Included);
        var rated = quantity - included;
        IReadOnlyList<RatedRow> rows = terms.Model switch
        {
            PriceModel.Standard => [Row(0, null, rated, terms.UnitPrice ?? throw new InvalidOperationException("A standard price has a unit price."), 0)],
            PriceModel.Graduated => Graduated(terms.Tiers, rated),
        };
        var sum = rows.Sum(row => row.Amount);
        var (amount, bound) = sum < terms.Minimum ? (terms.Minimum.Value, "minimum") : sum > terms.Maximum ? (terms.Maximum.Value, "maximum") : (sum, null);
        return new RatedAmount(quantity, included, rated, rows, bound, amount);
    }

    // A quantity of 0 still reaches the first tier, and so owes its flat fee.
    private static List<RatedRow> Graduated(IReadOnlyList<Tier> tiers, decimal quantity)
    {
        var rows = new List<RatedRow>(tiers.Count);
        var from = 0m;
        foreach (var tier in tiers)
        {
            rows.Add(Row(from, tier.UpTo, Math.Min(quantity, tier.UpTo ?? quantity) - from, tier.Price, tier.Flat));
            if (tier.UpTo is not { } upTo || quantity <= upTo)
                break;
            from = upTo;
        }

        return rows;
    }

    private static RatedRow Row(decimal from, decimal? upTo, decimal units, decimal price, decimal flat) =>
        new(from, upTo, units, price, flat, (units * price) + flat);
}
