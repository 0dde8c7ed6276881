using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>Sums of quarter hours, read for several questions.</summary>
internal static class UsageSums
{
    /// <summary>Usage by day of an organisation's zone from the start of one month to the end of another; days without usage have no row.</summary>
    public static async Task<IReadOnlyList<UsageDay>> ByDayAsync(IQueryable<UsageBucket> buckets, BillingCalendar calendar, BillingMonth first, BillingMonth last, CancellationToken cancellationToken)
    {
        var (start, end) = (calendar.Period(first).Start, calendar.Period(last).End);
        var (days, starts) = Days(calendar, first, last);
        var sums = await buckets.Where(bucket => bucket.BucketStart >= start && bucket.BucketStart < end)
            .GroupBy(bucket => new { Span = DatabaseFunctions.SpanOf(bucket.BucketStart, starts), bucket.MetricName, bucket.Unit })
            .Select(group => new { group.Key, Quantity = group.Sum(bucket => bucket.TotalValue), Events = group.Sum(bucket => bucket.EventCount) })
            .OrderBy(row => row.Key.Span)
            .ToListAsync(cancellationToken);
        return [.. sums.Select(row => new UsageDay(days[row.Key.Span - 1], row.Key.MetricName, row.Key.Unit, row.Quantity, row.Events))];
    }

    /// <summary>The days of months and the instants that they begin at. A zone changes between months: a month's first day begins with the month, whatever date the old zone had then.</summary>
    public static (DateOnly[] Days, DateTimeOffset[] Starts) Days(BillingCalendar calendar, BillingMonth first, BillingMonth last)
    {
        DateOnly[] days = [.. Enumerable.Range(first.FirstDay.DayNumber, last.Next.FirstDay.DayNumber - first.FirstDay.DayNumber).Select(DateOnly.FromDayNumber)];
        var starts = new DateTimeOffset[days.Length];
        for (var index = 0; index < days.Length; index++)
        {
            var start = days[index].Day == 1 ? calendar.Period(new BillingMonth(days[index].Year, days[index].Month)).Start : calendar.Day(days[index]).Start;
            // Between zones that are further apart than a day, the second may begin before the month does.
            starts[index] = index > 0 && start < starts[index - 1] ? starts[index - 1] : start;
        }

        return (days, starts);
    }
}
