using Portal.Core.Currencies;
using Portal.Core.Metering;

namespace Portal.Core.Discounts;

/// <summary>The numbers of a discount that an organisation has.</summary>
/// <param name="Id">Of the organisation's discount.</param>
/// <param name="Name">As printed.</param>
/// <param name="Kind">Percentage or amount.</param>
/// <param name="Value">Per cent, or an amount of <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217; only of an amount.</param>
/// <param name="MetricName">The metric whose lines it is for; null: the whole invoice.</param>
/// <param name="Unit">With a metric: its unit; null: every unit.</param>
/// <param name="FirstMonth">The first month that it is for, as <see cref="BillingMonth.Index"/>.</param>
/// <param name="EndMonth">The first month that it is no longer for; null: open.</param>
public sealed record DiscountTerms(Guid Id, string Name, DiscountKind Kind, decimal Value, string? Currency, string? MetricName, string? Unit, int FirstMonth, int? EndMonth)
{
    /// <summary>True: it is taken off the whole invoice, after all line discounts.</summary>
    public bool IsWholeInvoice => MetricName is null;

    /// <summary>True when it is for usage of that month.</summary>
    public bool IsFor(BillingMonth month) => month.Index >= FirstMonth && (EndMonth is not { } end || month.Index < end);
}

/// <summary>A line that discounts may be taken off.</summary>
/// <param name="Charge">Rounded; not negative.</param>
/// <param name="MetricName">The metric.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Month">The month that the usage belongs to.</param>
/// <param name="IsLate">True: usage of an earlier month, which percentages of that month are for, and no amounts.</param>
public sealed record DiscountableLine(decimal Charge, string MetricName, string Unit, BillingMonth Month, bool IsLate = false);

/// <summary>What one discount took off one line; kept with the line.</summary>
/// <param name="Id">Of the organisation's discount.</param>
/// <param name="Name">As printed.</param>
/// <param name="Kind">Percentage or amount.</param>
/// <param name="Value">Per cent, or the whole amount.</param>
/// <param name="IsWholeInvoice">True: the line's share of what was taken off the whole invoice.</param>
/// <param name="Base">What was left of the line before it.</param>
/// <param name="Amount">What it took off the line; the shares of a discount sum to it exactly.</param>
public sealed record AppliedDiscount(Guid Id, string Name, DiscountKind Kind, decimal Value, bool IsWholeInvoice, decimal Base, decimal Amount);

/// <summary>
/// Takes discounts off lines: those of lines first, then those of the whole invoice, each of what the one before left (two of 10 % are 19 %). What one
/// takes off several lines is rounded once and split by largest remainder. No line falls below zero, and what finds no room is not carried over. Pure.
/// </summary>
public static class DiscountMath
{
    /// <summary>What is taken off each line, in order.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="discounts">In the order in which they were given. Amounts of another currency are left out.</param>
    /// <param name="currency">Of the lines.</param>
    public static IReadOnlyList<IReadOnlyList<AppliedDiscount>> Apply(IReadOnlyList<DiscountableLine> lines, IReadOnlyList<DiscountTerms> discounts, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(discounts);
        ArgumentNullException.ThrowIfNull(currency);
        var left = lines.Select(line => line.Charge).ToArray();
        var applied = lines.Select(_ => new List<AppliedDiscount>()).ToArray();
        foreach (var discount in discounts.OrderBy(discount => discount.IsWholeInvoice))
        {
            var members = Enumerable.Range(0, lines.Count).Where(index => left[index] > 0 && Takes(discount, lines[index], currency)).ToArray();
            var parts = Parts(discount, [.. members.Select(index => left[index])], currency);
            for (var member = 0; member < members.Length; member++)
            {
                var index = members[member];
                applied[index].Add(new AppliedDiscount(discount.Id, discount.Name, discount.Kind, discount.Value, discount.IsWholeInvoice, left[index], parts[member]));
                left[index] -= parts[member];
            }
        }

        return applied;
    }

    /// <summary>What was taken off lines, worked out again from what is kept with each of them.</summary>
    /// <param name="lines">The charge of each line and what it says was taken off.</param>
    /// <param name="currency">Of the lines.</param>
    /// <returns>For each line in order the sum that comes out.</returns>
    public static IReadOnlyList<decimal> ApplyAgain(IReadOnlyList<(decimal Charge, IReadOnlyList<AppliedDiscount> Applied)> lines, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(currency);
        var left = lines.Select(line => line.Charge).ToArray();
        // Every line names them in the order in which they were taken off; identifiers are in order of giving.
        var discounts = lines.SelectMany(line => line.Applied).DistinctBy(applied => applied.Id).OrderBy(applied => applied.IsWholeInvoice).ThenBy(applied => applied.Id).ToList();
        foreach (var discount in discounts)
        {
            var members = Enumerable.Range(0, lines.Count).Where(index => lines[index].Applied.Any(applied => applied.Id == discount.Id)).ToArray();
            var terms = new DiscountTerms(discount.Id, discount.Name, discount.Kind, discount.Value, currency.Code, discount.IsWholeInvoice ? null : "", null, 0, null);
            var parts = Parts(terms, [.. members.Select(index => left[index])], currency);
            for (var member = 0; member < members.Length; member++)
                left[members[member]] -= parts[member];
        }

        return [.. lines.Select((line, index) => line.Charge - left[index])];
    }

    private static bool Takes(DiscountTerms discount, DiscountableLine line, Currency currency) =>
        discount.IsFor(line.Month)
        && (discount.Kind == DiscountKind.Percentage || (!line.IsLate && discount.Currency == currency.Code))
        && (discount.IsWholeInvoice || (discount.MetricName == line.MetricName && (discount.Unit is null || discount.Unit == line.Unit)));

    private static decimal[] Parts(DiscountTerms discount, decimal[] left, Currency currency)
    {
        var sum = left.Sum();
        if (sum <= 0)
            return new decimal[left.Length];
        // A line's own percentage is of the line; everything else is one amount, split.
        if (discount is { Kind: DiscountKind.Percentage, IsWholeInvoice: false })
            return [.. left.Select(charge => currency.Round(charge * discount.Value / 100m))];
        var taken = discount.Kind == DiscountKind.Percentage ? currency.Round(sum * discount.Value / 100m) : Math.Min(discount.Value, sum);
        return [.. new Money(taken, currency).Allocate(left).Select(part => part.Amount)];
    }
}
