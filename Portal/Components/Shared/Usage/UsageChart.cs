using Portal.Components.Shared.Charts;
using Portal.Core.Metering;

namespace Portal.Components.Shared.Usage;

/// <summary>The usage of one unit, ready to be drawn: amounts of different units never share an axis.</summary>
/// <param name="Unit">What every value is counted in.</param>
/// <param name="Series">By metric, the largest first; eight at most.</param>
/// <param name="Before">All of the month before.</param>
public sealed record UsageChart(string Unit, IReadOnlyList<ChartSeries> Series, ChartSeries? Before)
{
    private const int MostSeries = 8;

    /// <summary>One chart per unit, in the order of the totals. Days without usage are there with zero, so that a gap is seen.</summary>
    public static IReadOnlyList<UsageChart> Of(UsageMonth usage, string nameOfBefore)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return [.. usage.Totals.Select(total => total.Unit).Distinct(StringComparer.Ordinal).Select(unit => Of(usage, unit, nameOfBefore))];
    }

    private static UsageChart Of(UsageMonth usage, string unit, string nameOfBefore)
    {
        var sums = Sums(usage.Days, unit);
        var metrics = sums.GroupBy(sum => sum.Key.Metric, StringComparer.Ordinal).OrderByDescending(group => group.Sum(sum => sum.Value)).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key).ToList();
        var own = metrics.Count > MostSeries ? metrics[..(MostSeries - 1)] : metrics;
        var days = Enumerable.Range(0, usage.Month.Next.FirstDay.DayNumber - usage.Month.FirstDay.DayNumber).Select(usage.Month.FirstDay.AddDays).ToList();
        List<ChartSeries> series = [.. own.Select(metric => new ChartSeries(metric, [.. days.Select(day => new DayValue(day, sums.GetValueOrDefault((day, metric))))]))];
        if (own.Count < metrics.Count)
        {
            var rest = metrics[own.Count..];
            series.Add(new ChartSeries($"{rest.Count} others", [.. days.Select(day => new DayValue(day, rest.Sum(metric => sums.GetValueOrDefault((day, metric)))))]));
        }

        var before = Sums(usage.DaysBefore, unit).GroupBy(sum => sum.Key.Day).ToDictionary(group => group.Key, group => group.Sum(sum => sum.Value));
        var first = usage.Month.Previous.FirstDay;
        var length = usage.Month.FirstDay.DayNumber - first.DayNumber;
        return new UsageChart(unit, series, before.Count == 0 ? null : new ChartSeries(nameOfBefore, [.. Enumerable.Range(0, length).Select(first.AddDays).Select(day => new DayValue(day, before.GetValueOrDefault(day)))]));
    }

    private static Dictionary<(DateOnly Day, string Metric), decimal> Sums(IEnumerable<UsageDay> days, string unit) =>
        days.Where(day => day.Unit == unit).GroupBy(day => (day.Day, day.MetricName)).ToDictionary(group => group.Key, group => group.Sum(day => day.Quantity));
}
