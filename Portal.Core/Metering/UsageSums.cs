using Microsoft.EntityFrameworkCore;

namespace Portal.Core.Metering;

/// <summary>Sums of days, read for several questions.</summary>
internal static class UsageSums
{
    /// <summary>Usage by day of an organisation's zone from the start of one month to the end of another; days without usage have no row.</summary>
    public static async Task<IReadOnlyList<UsageDay>> ByDayAsync(IQueryable<UsageDaySum> days, BillingMonth first, BillingMonth last, CancellationToken cancellationToken)
    {
        var (start, end) = (first.FirstDay, last.Next.FirstDay);
        return await days.Where(sum => sum.Day >= start && sum.Day < end)
            .GroupBy(sum => new { sum.Day, sum.MetricName, sum.Unit })
            .OrderBy(group => group.Key.Day)
            .Select(group => new UsageDay(group.Key.Day, group.Key.MetricName, group.Key.Unit, group.Sum(sum => sum.TotalValue), group.Sum(sum => sum.EventCount)))
            .ToListAsync(cancellationToken);
    }
}
