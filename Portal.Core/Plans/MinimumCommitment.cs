using Portal.Core.Currencies;

namespace Portal.Core.Plans;

/// <summary>A promise to use so much in a month, for the days of the month that it held.</summary>
/// <param name="Amount">For a whole month, rounded to the currency.</param>
/// <param name="Days">Days of the month that it held, 0 and up.</param>
public readonly record struct CommittedDays(decimal Amount, int Days);

/// <summary>What a month's usage fell short of what was promised. Pure.</summary>
public static class MinimumCommitment
{
    /// <summary>What was promised for a month of <paramref name="monthDays"/>: each promise for its days.</summary>
    public static decimal Of(IEnumerable<CommittedDays> promises, int monthDays, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(promises);
        return promises.Sum(promise => promise.Days == 0 ? 0 : Proration.Split(promise.Amount, currency, promise.Days, monthDays - promise.Days)[0]);
    }

    /// <summary>The line that makes it up: never below 0, before tax, after discounts.</summary>
    public static decimal TrueUp(decimal committed, decimal spent) => Math.Max(0, committed - spent);
}
