using Portal.Core.Currencies;

namespace Portal.Core.Plans;

/// <summary>Splits an amount over days. Pure.</summary>
public static class Proration
{
    /// <summary>
    /// The parts of an amount, in proportion to days, by largest remainder: rounded to the currency and summing to the whole exactly, also
    /// where it is negative. The amount must be rounded already.
    /// </summary>
    public static IReadOnlyList<decimal> Split(decimal amount, Currency currency, params IReadOnlyList<int> days)
    {
        ArgumentNullException.ThrowIfNull(days);
        return [.. new Money(amount, currency).Allocate([.. days.Select(count => (decimal)count)]).Select(part => part.Amount)];
    }

    /// <summary>What is left of an amount for the last <paramref name="days"/> of all days, when those before took their part.</summary>
    public static decimal Rest(decimal amount, Currency currency, int before, int days) => days == 0 ? 0 : Split(amount, currency, before, days)[1];
}
