using Microsoft.EntityFrameworkCore;

namespace Portal.Core.Metering;

/// <summary>Sums of quarter hours, read for several questions.</summary>
internal static class UsageSums
{
    /// <summary>Usage by day of an organisation's zone from the start of one month to the end of another; days without usage have no row.</summary>
    public static async Task<IReadOnlyList<UsageDay>> ByDayAsync(IQueryable<UsageBucket> buckets, BillingCalendar calendar, BillingMonth first, BillingMonth last, CancellationToken cancellationToken)
    {
        var (start, end) = (calendar.Period(first).Start, calendar.Period(last).End);
        var zone = calendar.ZoneAt(start).Id;
        // A zone changes between months: each part is cut by its own.
        if (first < last && calendar.ZoneAt(calendar.Period(last).Start).Id != zone)
        {
            return
            [
                .. await ByDayAsync(buckets, calendar, first, first, cancellationToken),
                .. await ByDayAsync(buckets, calendar, first.Next, last, cancellationToken),
            ];
        }

        var days = await buckets.Where(bucket => bucket.BucketStart >= start && bucket.BucketStart < end)
            .GroupBy(bucket => new { TimeZoneInfo.ConvertTimeBySystemTimeZoneId(bucket.BucketStart.UtcDateTime, zone).Date, bucket.MetricName, bucket.Unit })
            .Select(group => new { group.Key, Quantity = group.Sum(bucket => bucket.TotalValue), Events = group.Sum(bucket => bucket.EventCount) })
            .OrderBy(row => row.Key.Date)
            .ToListAsync(cancellationToken);
        // After a change of zone to the west, the first hours still carry the date of the day before.
        return
        [
            .. days.Select(row => (Day: DateOnly.FromDateTime(row.Key.Date) is var day && day < first.FirstDay ? first.FirstDay : day, Row: row))
                .GroupBy(day => (day.Day, day.Row.Key.MetricName, day.Row.Key.Unit))
                .Select(group => new UsageDay(group.Key.Day, group.Key.MetricName, group.Key.Unit, group.Sum(day => day.Row.Quantity), group.Sum(day => day.Row.Events))),
        ];
    }
}
