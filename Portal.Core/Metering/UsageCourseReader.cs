using Microsoft.EntityFrameworkCore;

namespace Portal.Core.Metering;

/// <summary>Reads what a chart of usage shows. The days of two months are at hand; only what they don't say is asked for.</summary>
/// <param name="reader">Of one organisation, narrowed to what is asked about.</param>
/// <param name="question">What is asked.</param>
/// <param name="calendar">The organisation's.</param>
/// <param name="names">Of projects or keys, by id.</param>
internal sealed class UsageCourseReader(UsageReader reader, UsageQuestion question, BillingCalendar calendar, IReadOnlyDictionary<Guid, string> names)
{
    /// <param name="month">The month.</param>
    /// <param name="days">By metric, of the month and the one before it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<UsageCourse> ReadAsync(BillingMonth month, IReadOnlyList<UsageDay> days, CancellationToken cancellationToken) =>
        question.Day is { } day ? HoursAsync(day, cancellationToken) : DaysAsync(month, days, cancellationToken);

    /// <summary>A project's or key's name; for one beyond those that are listed, the end of its id.</summary>
    public static string NameOf(Guid part, IReadOnlyDictionary<Guid, string> names) => names.TryGetValue(part, out var name) ? name : part == Guid.Empty ? "Key not recorded" : $"…{part.ToString()[^6..]}";

    private async Task<UsageCourse> DaysAsync(BillingMonth month, IReadOnlyList<UsageDay> days, CancellationToken cancellationToken)
    {
        var slots = Enumerable.Range(0, month.Next.FirstDay.DayNumber - month.FirstDay.DayNumber)
            .Select(month.FirstDay.AddDays).Select(day => new UsageSlot(day, calendar.Day(day).Start, null)).ToList();
        var sums = question.By == UsageBy.Metric
            ? Slots(days, month)
            : await ByPartAsync(month, cancellationToken);
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

    private async Task<List<UsageSlotSum>> ByPartAsync(BillingMonth month, CancellationToken cancellationToken)
    {
        var (period, first) = (calendar.Period(month), month.FirstDay);
        var kept = (await reader.ByPartAsync(month, question.By, cancellationToken)).Select(row => (Slot: row.Day.DayNumber - first.DayNumber, row.PartId, row.Unit, row.Quantity));
        var measured = (await reader.SlotsAsync(month, period, byHour: false, question.By, cancellationToken)).Select(slot => (slot.Slot, PartId: slot.PartId ?? default, slot.Unit, slot.Quantity));
        return
        [
            .. kept.Concat(measured).GroupBy(row => (row.Slot, row.PartId, row.Unit))
                .Select(group => new UsageSlotSum(group.Key.Slot, NameOf(group.Key.PartId, names), group.Key.Unit, group.Sum(row => row.Quantity))),
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
        var rows = question.By == UsageBy.Key ? [] : await reader.Buckets
            .Where(bucket => (bucket.BucketStart >= span.Start && bucket.BucketStart < span.End) || (bucket.BucketStart >= before.Start && bucket.BucketStart < before.End))
            .GroupBy(bucket => new { bucket.BucketStart, bucket.MetricName, bucket.ProjectId, bucket.Unit })
            .Select(group => new { group.Key, Quantity = group.Sum(bucket => bucket.TotalValue), Events = group.Sum(bucket => bucket.EventCount) })
            .ToListAsync(cancellationToken);
        var measured = new List<(bool IsBefore, MeasuredSlot Slot)>();
        foreach (var part in (Period[])[span, before])
        {
            if (part.End > part.Start)
                measured.AddRange((await reader.SlotsAsync(calendar.MonthOf(part.Start), part, byHour: true, question.By, cancellationToken)).Select(slot => (part == before, slot)));
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
                    question.By == UsageBy.Metric ? row.Row.Key.MetricName : NameOf(row.Row.Key.ProjectId, names), row.Row.Key.Unit,
                    row.Rule.Aggregation == MetricAggregation.Count ? row.Row.Events : row.Row.Quantity)));
        var sums = kept
            .Concat(measured.Select(row => (row.IsBefore, Sum: new UsageSlotSum(
                row.Slot.Slot, question.By == UsageBy.Metric ? row.Slot.MetricName : NameOf(row.Slot.PartId ?? default, names), row.Slot.Unit, row.Slot.Quantity))))
            .GroupBy(row => (row.IsBefore, row.Sum.Slot, row.Sum.Name, row.Sum.Unit))
            .Select(group => (group.Key.IsBefore, Sum: new UsageSlotSum(group.Key.Slot, group.Key.Name, group.Key.Unit, group.Sum(row => row.Sum.Quantity))))
            .ToList();
        return new UsageCourse(slots, [.. sums.Where(sum => !sum.IsBefore).Select(sum => sum.Sum)], [.. sums.Where(sum => sum.IsBefore).Select(sum => sum.Sum)], null, other);
    }
}
