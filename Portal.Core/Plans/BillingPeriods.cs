using Portal.Core.Metering;

namespace Portal.Core.Plans;

/// <summary>What a recurring fee is charged for.</summary>
public enum BillingInterval
{
    Month,
    Year,
}

/// <summary>How often a recurring fee comes: every so many months or years.</summary>
/// <param name="Interval">Months or years.</param>
/// <param name="Count">1 and up.</param>
public readonly record struct BillingCycle(BillingInterval Interval, int Count)
{
    /// <summary>Months from one period's start to the next.</summary>
    public int Months => Interval == BillingInterval.Year ? Count * 12 : Count;
}

/// <summary>Whole days in an organisation's zone, half-open.</summary>
/// <param name="From">First day.</param>
/// <param name="To">First day after.</param>
public readonly record struct DaySpan(DateOnly From, DateOnly To)
{
    public int Days => To.DayNumber - From.DayNumber;

    public bool Contains(DateOnly day) => From <= day && day < To;

    /// <summary>The instants it begins and ends at.</summary>
    public Period Instants(BillingCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        return new Period(calendar.Day(From).Start, calendar.Day(To).Start);
    }
}

/// <summary>
/// A fee's periods. Every one is counted from the anchor, never from the one before, so that nothing drifts: anchored on the 31st they begin on
/// 31 January, 28 February, 31 March. Pure.
/// </summary>
public static class BillingPeriods
{
    /// <summary>Period <paramref name="index"/>, from 0; 0 begins on the anchor.</summary>
    public static DaySpan At(DateOnly anchor, BillingCycle cycle, int index) => new(Start(anchor, cycle, index), Start(anchor, cycle, index + 1));

    /// <summary>The number of the period that holds the day; negative before the anchor.</summary>
    public static int IndexOf(DateOnly anchor, BillingCycle cycle, DateOnly day)
    {
        var months = ((day.Year - anchor.Year) * 12) + day.Month - anchor.Month;
        // Near by; the days decide.
        var index = months / Months(cycle);
        while (Start(anchor, cycle, index) > day)
            index--;
        while (Start(anchor, cycle, index + 1) <= day)
            index++;
        return index;
    }

    private static DateOnly Start(DateOnly anchor, BillingCycle cycle, int index) => anchor.AddMonths(Months(cycle) * index);

    private static int Months(BillingCycle cycle) => cycle.Count >= 1 ? cycle.Months : throw new ArgumentOutOfRangeException(nameof(cycle), "A cycle has one month or year at least.");
}
