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
            days.AddRange((await SlotsAsync(month, calendar.Period(month), byHour: false, byProject: false, cancellationToken))
                .Select(slot => new UsageDay(start.AddDays(slot.Slot), slot.MetricName, slot.Unit, slot.Quantity, slot.Events)));
        }

        return [.. days.OrderBy(day => day.Day)];
    }

    /// <summary>What the sums don't say in a span within a month; empty, without asking, where they say it all.</summary>
    public async Task<IReadOnlyList<MeasuredSlot>> SlotsAsync(BillingMonth month, Period span, bool byHour, bool byProject, CancellationToken cancellationToken) => rules.NeedEvents(month, month)
        ? await measures.SlotsAsync(db, new MeasureRequest(organisationId, span, calendar.ZoneAt(span.Start).Id, byHour, byProject, metricName, projectId), cancellationToken)
        : [];
}
