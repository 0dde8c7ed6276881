using Portal.Core.Metering;

namespace Portal.Components.Shared.Usage;

/// <summary>A month beside the one before: a month that still runs is compared with as many days.</summary>
/// <param name="Percent">The change, rounded to whole per cent; null when there is nothing to compare with.</param>
public readonly record struct UsageComparison(decimal? Percent)
{
    /// <summary>The change of one metric.</summary>
    /// <param name="usage">The month.</param>
    /// <param name="total">The metric.</param>
    /// <param name="today">The day in the organisation's zone.</param>
    public static UsageComparison Of(UsageMonth usage, UsageTotal total, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(usage);
        ArgumentNullException.ThrowIfNull(total);
        var before = usage.Month == usage.CurrentMonth
            ? usage.DaysBefore.Where(day => day.MetricName == total.MetricName && day.Unit == total.Unit && day.Day.Day <= today.Day).Sum(day => day.Quantity)
            : total.Before;
        return new UsageComparison(before == 0 ? null : Math.Round((total.Quantity - before) * 100 / before, 0, MidpointRounding.AwayFromZero));
    }
}
