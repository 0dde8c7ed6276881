namespace Portal.Core.Pricing;

/// <summary>What a row of an amount counts.</summary>
public enum RatedRowKind
{
    /// <summary>Units, each at the price.</summary>
    Units,

    /// <summary>Packages, each at the price.</summary>
    Packages,

    /// <summary>All the units together at the price of their step.</summary>
    Step,

    /// <summary>A share: the price is per cent of the units.</summary>
    Share,

    /// <summary>Events, each at the price.</summary>
    Events,
}

/// <summary>One row of how an amount came about.</summary>
/// <param name="From">Units before this row.</param>
/// <param name="UpTo">Upper bound of the tier, inclusive; null when open.</param>
/// <param name="Units">What is rated in this row: units, packages or events.</param>
/// <param name="Price">Per unit, package or event; of a step the whole; of a share per cent.</param>
/// <param name="Flat">Flat fee of the tier.</param>
/// <param name="Amount">What the row comes to with its flat fee, unrounded.</param>
/// <param name="Kind">What is counted.</param>
public sealed record RatedRow(decimal From, decimal? UpTo, decimal Units, decimal Price, decimal Flat, decimal Amount, RatedRowKind Kind = RatedRowKind.Units);

/// <summary>What a quantity costs, and why.</summary>
/// <param name="Quantity">As measured.</param>
/// <param name="Included">Taken off before rating.</param>
/// <param name="Rated">Quantity less allowance, never below 0.</param>
/// <param name="Rows">The tiers reached, or the rows of a model without tiers.</param>
/// <param name="Bound"><c>minimum</c> or <c>maximum</c> when a bound decided, else null.</param>
/// <param name="Amount">Unrounded.</param>
/// <param name="EventCount">Events counted; only a percentage looks at them.</param>
public sealed record RatedAmount(decimal Quantity, decimal Included, decimal Rated, IReadOnlyList<RatedRow> Rows, string? Bound, decimal Amount, long EventCount = 0);

/// <summary>Rates a quantity: pure, exact, unrounded. Rounding happens once, on the invoice line.</summary>
public static class Rating
{
    /// <summary>The amount of a quantity under the terms, row by row. Neither number may be negative.</summary>
    public static RatedAmount Rate(PriceTerms terms, decimal quantity, long eventCount = 0)
    {
        var rows = new RowList(new List<RatedRow>(Math.Max(1, terms?.Tiers.Count ?? 1)));
        var (included, rated) = Walk(terms!, quantity, eventCount, ref rows);
        var sum = 0m;
        foreach (var row in rows.Rows)
            sum += row.Amount;
        var (amount, bound) = Bound(terms!, sum);
        return new RatedAmount(quantity, included, rated, rows.Rows, bound, amount, eventCount);
    }

    /// <summary>The amount alone, by the same steps.</summary>
    public static decimal Amount(PriceTerms terms, decimal quantity, long eventCount = 0)
    {
        var sum = default(RowSum);
        Walk(terms, quantity, eventCount, ref sum);
        return Bound(terms, sum.Amount).Amount;
    }

    private static (decimal Amount, string? Bound) Bound(PriceTerms terms, decimal sum) =>
        sum < terms.Minimum ? (terms.Minimum.Value, "minimum") : sum > terms.Maximum ? (terms.Maximum.Value, "maximum") : (sum, null);

    private static (decimal Included, decimal Rated) Walk<TRows>(PriceTerms terms, decimal quantity, long eventCount, ref TRows rows)
        where TRows : struct, IRows
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentOutOfRangeException.ThrowIfNegative(quantity);
        ArgumentOutOfRangeException.ThrowIfNegative(eventCount);
        var included = Math.Min(quantity, terms.Included);
        var rated = quantity - included;
        switch (terms.Model)
        {
            case PriceModel.Standard:
                var price = UnitPrice(terms);
                rows.Add(0, null, rated, price, 0, rated * price, RatedRowKind.Units);
                break;
            case PriceModel.Graduated:
                Graduated(terms.Tiers, rated, RatedRowKind.Units, ref rows);
                break;
            case PriceModel.GraduatedPercentage:
                Graduated(terms.Tiers, rated, RatedRowKind.Share, ref rows);
                break;
            case PriceModel.Volume:
                var (from, tier) = Holding(terms.Tiers, rated);
                rows.Add(from, tier.UpTo, rated, tier.Price, tier.Flat, (rated * tier.Price) + tier.Flat, RatedRowKind.Units);
                break;
            case PriceModel.StairStep:
                var (below, step) = Holding(terms.Tiers, rated);
                rows.Add(below, step.UpTo, rated, step.Price, step.Flat, step.Price + step.Flat, RatedRowKind.Step);
                break;
            case PriceModel.Package:
                Packages(terms, rated, ref rows);
                break;
            case PriceModel.Percentage:
                Percentage(terms, rated, eventCount, ref rows);
                break;
        }

        return (included, rated);
    }

    // A quantity of 0 still reaches the first tier, and so owes its flat fee.
    private static void Graduated<TRows>(IReadOnlyList<Tier> tiers, decimal quantity, RatedRowKind kind, ref TRows rows)
        where TRows : struct, IRows
    {
        var from = 0m;
        for (var index = 0; index < tiers.Count; index++)
        {
            var tier = tiers[index];
            var units = Math.Min(quantity, tier.UpTo ?? quantity) - from;
            rows.Add(from, tier.UpTo, units, tier.Price, tier.Flat, (kind == RatedRowKind.Share ? Share(units, tier.Price) : units * tier.Price) + tier.Flat, kind);
            if (tier.UpTo is not { } upTo || quantity <= upTo)
                break;
            from = upTo;
        }
    }

    private static (decimal From, Tier Tier) Holding(IReadOnlyList<Tier> tiers, decimal quantity)
    {
        var from = 0m;
        for (var index = 0; index < tiers.Count; index++)
        {
            if (tiers[index].UpTo is not { } upTo || quantity <= upTo)
                return (from, tiers[index]);
            from = upTo;
        }

        throw new InvalidOperationException("The last tier is open.");
    }

    // The remainder is exact where a quotient would be rounded: a millionth of a unit begins a package.
    private static void Packages<TRows>(PriceTerms terms, decimal quantity, ref TRows rows)
        where TRows : struct, IRows
    {
        var package = terms.Package ?? throw new InvalidOperationException("A package price has a package.");
        var units = Math.Max(0, quantity - package.Free);
        var begun = units % package.Size;
        var packages = decimal.Round((units - begun) / package.Size, 0, MidpointRounding.AwayFromZero) + (begun > 0 ? 1 : 0);
        var price = UnitPrice(terms);
        rows.Add(package.Free, null, packages, price, 0, packages * price, RatedRowKind.Packages);
    }

    private static void Percentage<TRows>(PriceTerms terms, decimal quantity, long eventCount, ref TRows rows)
        where TRows : struct, IRows
    {
        var percentage = terms.Percentage ?? throw new InvalidOperationException("A percentage has a rate.");
        var charged = Math.Max(0, quantity - percentage.FreeAmount);
        rows.Add(percentage.FreeAmount, null, charged, percentage.Rate, 0, Share(charged, percentage.Rate), RatedRowKind.Share);
        if (percentage.Fee == 0)
            return;
        var events = Math.Max(0, eventCount - percentage.FreeEvents);
        rows.Add(percentage.FreeEvents, null, events, percentage.Fee, 0, events * percentage.Fee, RatedRowKind.Events);
    }

    private static decimal Share(decimal units, decimal percent) => units * percent / 100;

    private static decimal UnitPrice(PriceTerms terms) => terms.UnitPrice ?? throw new InvalidOperationException("A standard or package price has a unit price.");

    // What becomes of the rows: kept, or only summed.
    private interface IRows
    {
        void Add(decimal from, decimal? upTo, decimal units, decimal price, decimal flat, decimal amount, RatedRowKind kind);
    }

    private readonly struct RowList(List<RatedRow> rows) : IRows
    {
        public List<RatedRow> Rows => rows;

        public void Add(decimal from, decimal? upTo, decimal units, decimal price, decimal flat, decimal amount, RatedRowKind kind) => rows.Add(new RatedRow(from, upTo, units, price, flat, amount, kind));
    }

    private struct RowSum : IRows
    {
        public decimal Amount { get; private set; }

        public void Add(decimal from, decimal? upTo, decimal units, decimal price, decimal flat, decimal amount, RatedRowKind kind) => Amount += amount;
    }
}
