namespace Portal.Core.Metering;

/// <summary>What a month comes to if it goes on as the last days did.</summary>
public static class UsageForecast
{
    /// <summary>A whole week, so that quiet weekends weigh as much as they do in a month.</summary>
    private const int Days = 7;

    /// <summary>
    /// The month so far, and for each day that is left the mean of the last seven whole days; fewer when usage began later. Null while there is
    /// no whole day to judge by.
    /// </summary>
    /// <param name="days">Sums by day, of this month and the one before; a day without usage may be missing.</param>
    /// <param name="month">The month that runs.</param>
    /// <param name="today">A day of it, which is not over.</param>
    public static decimal? Of(IReadOnlyDictionary<DateOnly, decimal> days, BillingMonth month, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(days);
        var used = days.Keys.Where(day => day < today).ToList();
        if (used.Count == 0)
            return null;
        var first = used.Min() is var begun && begun > today.AddDays(-Days) ? begun : today.AddDays(-Days);
        var count = today.DayNumber - first.DayNumber;
        var mean = Enumerable.Range(0, count).Sum(day => days.GetValueOrDefault(first.AddDays(day))) / count;
        var soFar = days.Where(day => day.Key >= month.FirstDay && day.Key <= today).Sum(day => day.Value);
        var restOfToday = Math.Max(0, mean - days.GetValueOrDefault(today));
        return soFar + restOfToday + (mean * (month.Next.FirstDay.DayNumber - 1 - today.DayNumber));
    }
}
