using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>How sums of usage are cut.</summary>
public enum UsageGrouping
{
    Hour,
    Day,

    /// <summary>The organisation's billing months.</summary>
    Month,
}

/// <summary>Which sums are asked for.</summary>
/// <param name="OrganisationId">Whose usage.</param>
/// <param name="ProjectId">One project only.</param>
/// <param name="From">Inclusive; a date is taken at its start in the organisation's zone.</param>
/// <param name="To">Exclusive.</param>
/// <param name="MetricName">One metric only.</param>
/// <param name="GroupBy">How they are cut, in the organisation's zone.</param>
public sealed record UsageSumsRequest(Guid OrganisationId, Guid? ProjectId, DateOnly From, DateOnly To, string? MetricName, UsageGrouping GroupBy);

/// <summary>What one metric and unit comes to over one hour, day or month that begins at <paramref name="Start"/>, by the metric's own measure.</summary>
public sealed record UsageSum(DateTimeOffset Start, string MetricName, string Unit, decimal Value, long EventCount);

/// <summary>Sums of usage by hour, day or billing month in the organisation's zone; read from the quarter hours that are kept with the events.</summary>
public sealed class QueryUsage(IBillingStore store, IUsageMeasures measures)
{
    /// <summary>The longest span by grouping, in days.</summary>
    private static int LongestDays(UsageGrouping grouping) => grouping switch
    {
        UsageGrouping.Hour => 31,
        UsageGrouping.Day => 100,
        UsageGrouping.Month => 750,
    };

    /// <summary>Fails with <c>invalid</c> for a span that is empty or too long.</summary>
    public async Task<Result<IReadOnlyList<UsageSum>>> RunAsync(CallContext call, UsageSumsRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.UsageRead))
            return Failure.Forbidden();
        var days = request.To.DayNumber - request.From.DayNumber;
        if (days <= 0)
            return Failure.Invalid("to", "The end must come after the beginning.");
        if (days > LongestDays(request.GroupBy))
            return Failure.Invalid("to", $"At most {LongestDays(request.GroupBy)} days at a time by that grouping.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var organisation = await db.Organisations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.OrganisationId, cancellationToken);
        if (organisation is null)
            return Failure.NotFound("organisation");
        var calendar = organisation.Calendar;
        return request.GroupBy == UsageGrouping.Month
            ? await MonthsAsync(db, request, calendar, cancellationToken)
            : await BucketsAsync(db, request, calendar, cancellationToken);
    }

    private async Task<Result<IReadOnlyList<UsageSum>>> MonthsAsync(IBillingDb db, UsageSumsRequest request, BillingCalendar calendar, CancellationToken cancellationToken)
    {
        var first = (request.From.Year * 12) + request.From.Month;
        var last = request.To.AddDays(-1);
        var end = (last.Year * 12) + last.Month;
        var rows = await measures.MonthsAsync(db, request.OrganisationId, BillingMonth.FromIndex(first - 1), BillingMonth.FromIndex(end - 1), cancellationToken);
        return Sorted(rows
            .Where(row => (request.ProjectId is null || row.Projects.ContainsKey(request.ProjectId.Value)) && (request.MetricName is null || row.MetricName == request.MetricName))
            .Select(row =>
            {
                var (quantity, events) = request.ProjectId is { } project ? (row.Projects[project].Quantity, row.Projects[project].Events) : (row.Quantity, row.Events);
                return new UsageSum(calendar.Period(row.Month).Start, row.MetricName, row.Unit, quantity, events);
            }));
    }

    private async Task<Result<IReadOnlyList<UsageSum>>> BucketsAsync(IBillingDb db, UsageSumsRequest request, BillingCalendar calendar, CancellationToken cancellationToken)
    {
        var start = Midnight(request.From, calendar);
        var end = Midnight(request.To, calendar);
        var buckets = await db.UsageBuckets.AsNoTracking()
            .Where(row => row.OrganisationId == request.OrganisationId && row.BucketStart >= start && row.BucketStart < end)
            .Where(row => (request.ProjectId == null || row.ProjectId == request.ProjectId) && (request.MetricName == null || row.MetricName == request.MetricName))
            .GroupBy(row => new { row.BucketStart, row.MetricName, row.Unit })
            .Select(group => new { group.Key, Value = group.Sum(row => row.TotalValue), Events = group.Sum(row => row.EventCount) })
            .ToListAsync(cancellationToken);
        var rules = await MetricRules.ReadAsync(db, cancellationToken);
        var sums = new Dictionary<(DateTimeOffset, string, string), (decimal Value, long Events)>();
        foreach (var row in buckets)
        {
            var key = (Floor(row.Key.BucketStart, request.GroupBy, calendar), row.Key.MetricName, row.Key.Unit);
            var sum = sums.GetValueOrDefault(key);
            var rule = rules.Of(row.Key.MetricName, row.Key.Unit, calendar.MonthOf(row.Key.BucketStart));
            if (!rule.NeedsEvents)
                sums[key] = (sum.Value + (rule.Aggregation == MetricAggregation.Count ? row.Events : row.Value), sum.Events + row.Events);
        }

        // What a sum does not say, month by month: each may have another rule, and another zone.
        var reader = new UsageReader(db, measures, rules, request.OrganisationId, calendar, request.MetricName, request.ProjectId);
        for (var month = calendar.MonthOf(start); calendar.Period(month).Start < end; month = month.Next)
        {
            var period = calendar.Period(month);
            var part = new Period(period.Start < start ? start : period.Start, period.End > end ? end : period.End);
            var byHour = request.GroupBy == UsageGrouping.Hour;
            var first = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(part.Start, calendar.ZoneAt(part.Start)).DateTime);
            foreach (var slot in await reader.SlotsAsync(month, part, byHour, UsageBy.Metric, cancellationToken))
            {
                var at = byHour ? part.Start.AddHours(slot.Slot) : Midnight(first.AddDays(slot.Slot), calendar);
                sums[(at, slot.MetricName, slot.Unit)] = (slot.Quantity, slot.Events);
            }
        }

        return Sorted(sums.Select(sum => new UsageSum(sum.Key.Item1, sum.Key.Item2, sum.Key.Item3, sum.Value.Value, sum.Value.Events)));
    }

    private static Result<IReadOnlyList<UsageSum>> Sorted(IEnumerable<UsageSum> sums) => Result<IReadOnlyList<UsageSum>>.From(
        [.. sums.OrderBy(sum => sum.Start).ThenBy(sum => sum.MetricName, StringComparer.Ordinal).ThenBy(sum => sum.Unit, StringComparer.Ordinal)]);

    private static DateTimeOffset Midnight(DateOnly day, BillingCalendar calendar)
    {
        var local = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        var zone = calendar.ZoneAt(new DateTimeOffset(local, TimeSpan.Zero));
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(15);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private static DateTimeOffset Floor(DateTimeOffset instant, UsageGrouping grouping, BillingCalendar calendar)
    {
        var local = TimeZoneInfo.ConvertTime(instant, calendar.ZoneAt(instant));
        var into = grouping == UsageGrouping.Hour ? new TimeSpan(0, local.Minute, local.Second) : local.TimeOfDay;
        return grouping == UsageGrouping.Hour ? instant - into : Midnight(DateOnly.FromDateTime(local.DateTime), calendar);
    }
}
