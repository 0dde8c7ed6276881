using Microsoft.EntityFrameworkCore;

namespace Portal.Core.Metering;

/// <summary>Reads what a chart of usage shows. The days of two months are at hand; only what they don't say is asked for.</summary>
/// <param name="reader">Of one organisation, narrowed to what is asked about.</param>
/// <param name="question">What is asked.</param>
/// <param name="calendar">The organisation's.</param>
/// <param name="projects">Names by id.</param>
internal sealed class UsageCourseReader(UsageReader reader, UsageQuestion question, BillingCalendar calendar, IReadOnlyDictionary<Guid, string> projects)
{
    /// <param name="month">The month.</param>
    /// <param name="days">By metric, of the month and the one before it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<UsageCourse> ReadAsync(BillingMonth month, IReadOnlyList<UsageDay> days, CancellationToken cancellationToken) =>
        question.Day is { } day ? HoursAsync(day, cancellationToken) : DaysAsync(month, days, cancellationToken);

    /// <summary>A project's name; for one beyond those that are listed, the end of its id.</summary>
    public static string NameOf(Guid project, IReadOnlyDictionary<Guid, string> projects) => projects.TryGetValue(project, out var name) ? name : $"…{project.ToString()[^6..]}";

    private async Task<UsageCourse> DaysAsync(BillingMonth month, IReadOnlyList<UsageDay> days, CancellationToken cancellationToken)
    {
        var slots = Enumerable.Range(0, month.Next.FirstDay.DayNumber - month.FirstDay.DayNumber)
            .Select(month.FirstDay.AddDays).Select(day => new UsageSlot(day, calendar.Day(day).Start, null)).ToList();
        var sums = question.By == UsageBy.Metric
            ? Slots(days, month)
            : await ByProjectAsync(month, cancellationToken);
        BillingMonth? other = question.Against switch
        {
            UsageAgainst.Usual or UsageAgainst.Before => month.Previous,
            UsageAgainst.Year => BillingMonth.FromIndex(month.Index - 12),
            UsageAgainst.Nothing => null,
        };
        if (other is not { } before)
            return new UsageCourse(slots, sums, [], null, null);
        var daysBefore = before == month.Previous ? days : await reader.ByDayAsync(before, before, cancellationToken);
        return new UsageCourse(slots, sums, Slots(daysBefore, before), before, null);
    }

    private static List<UsageSlotSum> Slots(IEnumerable<UsageDay> days, BillingMonth month) =>
    [
        .. days.Where(day => day.Day >= month.FirstDay && day.Day < month.Next.FirstDay)
            .Select(day => new UsageSlotSum(day.Day.DayNumber - month.FirstDay.DayNumber, day.MetricName, day.Unit, day.Quantity)),
    ];

    private async Task<List<UsageSlotSum>> ByProjectAsync(BillingMonth month, CancellationToken cancellationToken)
    {
        var period = calendar.Period(month);
        var (first, next) = (month.FirstDay, month.Next.FirstDay);
        var rows = await reader.Days.Where(sum => sum.Day >= first && sum.Day < next)
            .Select(sum => new { sum.Day, sum.ProjectId, sum.MetricName, sum.Unit, sum.TotalValue, sum.EventCount })
            .ToListAsync(cancellationToken);
        var kept = rows.Select(row => (Row: row, Rule: reader.Rules.Of(row.MetricName, row.Unit, month))).Where(row => !row.Rule.NeedsEvents)
            .Select(row => (Slot: row.Row.Day.DayNumber - first.DayNumber, row.Row.ProjectId, row.Row.Unit,
                Quantity: row.Rule.Aggregation == MetricAggregation.Count ? row.Row.EventCount : row.Row.TotalValue));
        var measured = (await reader.SlotsAsync(month, period, byHour: false, byProject: true, cancellationToken)).Select(slot => (slot.Slot, ProjectId: slot.ProjectId ?? default, slot.Unit, slot.Quantity));
        return
        [
            .. kept.Concat(measured).GroupBy(row => (row.Slot, row.ProjectId, row.Unit))
                .Select(group => new UsageSlotSum(group.Key.Slot, NameOf(group.Key.ProjectId, projects), group.Key.Unit, group.Sum(row => row.Quantity))),
        ];
    }

    private async Task<UsageCourse> HoursAsync(DateOnly day, CancellationToken cancellationToken)
    {
        DateOnly? other = question.Against switch
        {
            UsageAgainst.Usual => day.AddDays(-7),
            UsageAgainst.Before => day.AddDays(-1),
            UsageAgainst.Year => day.AddYears(-1),
            UsageAgainst.Nothing => null,
        };
        var span = calendar.Day(day);
        var before = other is { } compared ? calendar.Day(compared) : new Period(span.Start, span.Start);
        var rows = await reader.Buckets
            .Where(bucket => (bucket.BucketStart >= span.Start && bucket.BucketStart < span.End) || (bucket.BucketStart >= before.Start && bucket.BucketStart < before.End))
            .GroupBy(bucket => new { bucket.BucketStart, bucket.MetricName, bucket.ProjectId, bucket.Unit })
            .Select(group => new { group.Key, Quantity = group.Sum(bucket => bucket.TotalValue), Events = group.Sum(bucket => bucket.EventCount) })
            .ToListAsync(cancellationToken);
        var measured = new List<(bool IsBefore, MeasuredSlot Slot)>();
        foreach (var part in (Period[])[span, before])
        {
            if (part.End > part.Start)
                measured.AddRange((await reader.SlotsAsync(calendar.MonthOf(part.Start), part, byHour: true, byProject: question.By == UsageBy.Project, cancellationToken)).Select(slot => (part == before, slot)));
        }

        var zone = calendar.ZoneAt(span.Start);
        var slots = new List<UsageSlot>();
        for (var start = span.Start; start < span.End; start = start.AddHours(1))
            slots.Add(new UsageSlot(day, start, TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(start, zone).DateTime)));
        var kept = rows
            .Select(row => (Row: row, Rule: reader.Rules.Of(row.Key.MetricName, row.Key.Unit, calendar.MonthOf(row.Key.BucketStart)))).Where(row => !row.Rule.NeedsEvents)
            .Select(row => (
                IsBefore: row.Row.Key.BucketStart < span.Start,
                Sum: new UsageSlotSum(
                    (int)(row.Row.Key.BucketStart - (row.Row.Key.BucketStart < span.Start ? before.Start : span.Start)).TotalHours,
                    question.By == UsageBy.Metric ? row.Row.Key.MetricName : NameOf(row.Row.Key.ProjectId, projects), row.Row.Key.Unit,
                    row.Rule.Aggregation == MetricAggregation.Count ? row.Row.Events : row.Row.Quantity)));
        var sums = kept
            .Concat(measured.Select(row => (row.IsBefore, Sum: new UsageSlotSum(
                row.Slot.Slot, question.By == UsageBy.Metric ? row.Slot.MetricName : NameOf(row.Slot.ProjectId ?? default, projects), row.Slot.Unit, row.Slot.Quantity))))
            .GroupBy(row => (row.IsBefore, row.Sum.Slot, row.Sum.Name, row.Sum.Unit))
            .Select(group => (group.Key.IsBefore, Sum: new UsageSlotSum(group.Key.Slot, group.Key.Name, group.Key.Unit, group.Sum(row => row.Sum.Quantity))))
            .ToList();
        return new UsageCourse(slots, [.. sums.Where(sum => !sum.IsBefore).Select(sum => sum.Sum)], [.. sums.Where(sum => sum.IsBefore).Select(sum => sum.Sum)], null, other);
    }
}
