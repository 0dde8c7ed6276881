using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>An organisation's usage by day or hour, each metric by its own measure: from the sums that are kept, and from events where a sum does not say it.</summary>
internal sealed class UsageReader(IBillingDb db, IUsageMeasures measures, MetricRules rules, Guid organisationId, BillingCalendar calendar, string? metricName = null, Guid? projectId = null)
{
    public MetricRules Rules => rules;

    /// <summary>The quarter hours that are kept, narrowed to what is asked about.</summary>
    public IQueryable<UsageBucket> Buckets
    {
        get
        {
            var buckets = db.UsageBuckets.AsNoTracking().Where(bucket => bucket.OrganisationId == organisationId);
            if (metricName is { } metric)
                buckets = buckets.Where(bucket => bucket.MetricName == metric);
            if (projectId is { } project)
                buckets = buckets.Where(bucket => bucket.ProjectId == project);
            return buckets;
        }
    }

    /// <summary>The days that are kept, narrowed to what is asked about.</summary>
    public IQueryable<UsageDaySum> Days
    {
        get
        {
            var days = db.UsageDays.AsNoTracking().Where(sum => sum.OrganisationId == organisationId);
            if (metricName is { } metric)
                days = days.Where(sum => sum.MetricName == metric);
            if (projectId is { } project)
                days = days.Where(sum => sum.ProjectId == project);
            return days;
        }
    }

    /// <summary>From the start of one month to the end of another; days without usage have no row.</summary>
    public async Task<IReadOnlyList<UsageDay>> ByDayAsync(BillingMonth first, BillingMonth last, CancellationToken cancellationToken)
    {
        var kept = await UsageSums.ByDayAsync(Days, first, last, cancellationToken);
        var days = new List<UsageDay>(kept.Count);
        foreach (var day in kept)
        {
            var rule = rules.Of(day.MetricName, day.Unit, new BillingMonth(day.Day.Year, day.Day.Month));
            if (!rule.NeedsEvents)
                days.Add(rule.Aggregation == MetricAggregation.Count ? day with { Quantity = day.Events } : day);
        }

        for (var month = first; month <= last; month = month.Next)
        {
            var start = month.FirstDay;
            days.AddRange((await SlotsAsync(month, calendar.Period(month), byHour: false, UsageBy.Metric, cancellationToken))
                .Select(slot => new UsageDay(start.AddDays(slot.Slot), slot.MetricName, slot.Unit, slot.Quantity, slot.Events)));
        }

        return [.. days.OrderBy(day => day.Day)];
    }

    /// <summary>The days of a month by project or key, of the metrics whose sums are kept.</summary>
    public async Task<IReadOnlyList<UsagePartDay>> ByPartAsync(BillingMonth month, UsageBy by, CancellationToken cancellationToken)
    {
        var (first, next) = (month.FirstDay, month.Next.FirstDay);
        var days = Days.Where(sum => sum.Day >= first && sum.Day < next);
        var rows = await (by == UsageBy.Key
                ? days.GroupBy(sum => new { sum.Day, Part = sum.ApiKeyId, sum.MetricName, sum.Unit })
                : days.GroupBy(sum => new { sum.Day, Part = sum.ProjectId, sum.MetricName, sum.Unit }))
            .Select(group => new UsagePartDay(group.Key.Day, group.Key.Part, group.Key.MetricName, group.Key.Unit, group.Sum(sum => sum.TotalValue), group.Sum(sum => sum.EventCount)))
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(row => (Row: row, Rule: rules.Of(row.MetricName, row.Unit, month))).Where(row => !row.Rule.NeedsEvents)
                .Select(row => row.Rule.Aggregation == MetricAggregation.Count ? row.Row with { Quantity = row.Row.Events } : row.Row),
        ];
    }

    /// <summary>What the sums don't say in a span within a month; empty, without asking, where they say it all. Of keys they say no hours.</summary>
    public async Task<IReadOnlyList<MeasuredSlot>> SlotsAsync(BillingMonth month, Period span, bool byHour, UsageBy by, CancellationToken cancellationToken)
    {
        var everything = byHour && by == UsageBy.Key;
        return everything || rules.NeedEvents(month, month)
            ? await measures.SlotsAsync(db, new MeasureRequest(organisationId, span, calendar.ZoneAt(span.Start).Id, byHour, by, everything, metricName, projectId), cancellationToken)
            : [];
    }
}

/// <summary>A metric of a project or key over a day.</summary>
internal sealed record UsagePartDay(DateOnly Day, Guid PartId, string MetricName, string Unit, decimal Quantity, long Events);
