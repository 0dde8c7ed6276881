using Portal.Components.Shared.Charts;
using Portal.Core.Metering;

namespace Portal.Components.Shared.Usage;

/// <summary>The usage of one unit, ready to be drawn: amounts of different units never share an axis.</summary>
/// <param name="Unit">What every value is counted in.</param>
/// <param name="Series">By metric or project, the largest first; eight at most.</param>
/// <param name="Before">All of the other period, slot by slot; null when there was nothing, or nothing is compared.</param>
public sealed record UsageChart(string Unit, IReadOnlyList<SlotSeries> Series, SlotSeries? Before)
{
    private const int MostSeries = 8;

    /// <summary>One chart per unit, in the order that is given. Slots without usage are there with zero, so that a gap is seen.</summary>
    public static IReadOnlyList<UsageChart> Of(UsageCourse course, IEnumerable<string> units, string nameOfBefore)
    {
        ArgumentNullException.ThrowIfNull(course);
        ArgumentNullException.ThrowIfNull(units);
        return [.. units.Distinct(StringComparer.Ordinal).Select(unit => Of(course, unit, nameOfBefore))];
    }

    private static UsageChart Of(UsageCourse course, string unit, string nameOfBefore)
    {
        var sums = course.Sums.Where(sum => sum.Unit == unit && sum.Slot < course.Slots.Count)
            .GroupBy(sum => (sum.Slot, sum.Name)).ToDictionary(group => group.Key, group => group.Sum(sum => sum.Quantity));
        var names = sums.GroupBy(sum => sum.Key.Name, StringComparer.Ordinal).OrderByDescending(group => group.Sum(sum => sum.Value)).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key).ToList();
        var own = names.Count > MostSeries ? names[..(MostSeries - 1)] : names;
        var slots = Enumerable.Range(0, course.Slots.Count).ToList();
        List<SlotSeries> series = [.. own.Select(name => new SlotSeries(name, [.. slots.Select(slot => sums.GetValueOrDefault((slot, name)))]))];
        if (own.Count < names.Count)
        {
            var rest = names[own.Count..];
            series.Add(new SlotSeries($"{rest.Count} others", [.. slots.Select(slot => rest.Sum(name => sums.GetValueOrDefault((slot, name))))]));
        }

        // A unit that was quiet this time still has its axis.
        if (series.Count == 0)
            series.Add(new SlotSeries("No usage", [.. slots.Select(_ => 0m)]));
        var before = course.Before.Where(sum => sum.Unit == unit).GroupBy(sum => sum.Slot).ToDictionary(group => group.Key, group => group.Sum(sum => sum.Quantity));
        return new UsageChart(unit, series, before.Count == 0 ? null : new SlotSeries(nameOfBefore, [.. slots.Select(slot => before.GetValueOrDefault(slot))]));
    }
}
