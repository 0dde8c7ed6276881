using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>An organisation's usage of a month by metric and by day. Reads the sums that are kept with the events, never the events.</summary>
public sealed class GetUsageMonth(IBillingStore store, TimeProvider clock)
{
    private const int MostProjects = 500;

    public async Task<Result<UsageMonth>> RunAsync(CallContext call, UsageQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(question);
        if (!call.May(Permissions.UsageRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var organisation = await db.Organisations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == question.OrganisationId, cancellationToken);
        if (organisation is null)
            return Failure.NotFound("organisation");
        var calendar = organisation.Calendar;
        var current = calendar.MonthOf(clock.GetUtcNow());
        var month = question.Month ?? current;
        var sums = await SumsAsync(db, question.OrganisationId, month, cancellationToken);
        var zone = calendar.ZoneAt(calendar.Period(month).Start).Id;
        return new UsageMonth
        {
            OrganisationId = organisation.Id,
            OrganisationName = organisation.Name,
            TimeZone = zone,
            Locale = organisation.Locale,
            Month = month,
            CurrentMonth = current,
            Totals = Totals(sums.Where(sum => Fits(sum, question)), month),
            Days = await DaysAsync(db, question, calendar, month, cancellationToken),
            DaysBefore = await DaysAsync(db, question, calendar, month.Previous, cancellationToken),
            Metrics = [.. sums.Select(sum => sum.MetricName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Projects = await db.Projects.AsNoTracking()
                .Where(project => project.OrganisationId == question.OrganisationId)
                .OrderBy(project => project.Name).ThenBy(project => project.Id).Take(MostProjects)
                .Select(project => new UsageProject(project.Id, project.Name)).ToListAsync(cancellationToken),
            HasEverBeenUsed = sums.Count > 0 || await db.UsageAggregates.AnyAsync(sum => sum.OrganisationId == question.OrganisationId, cancellationToken),
        };
    }

    // Two months of projects times metrics: a handful of rows, seldom more than some hundreds.
    private static Task<List<UsageAggregate>> SumsAsync(IBillingDb db, Guid organisationId, BillingMonth month, CancellationToken cancellationToken) =>
        db.UsageAggregates.AsNoTracking()
            .Where(sum => sum.OrganisationId == organisationId)
            .Where(sum => (sum.Year == month.Year && sum.Month == month.Month) || (sum.Year == month.Previous.Year && sum.Month == month.Previous.Month))
            .ToListAsync(cancellationToken);

    private static bool Fits(UsageAggregate sum, UsageQuestion question) =>
        (question.MetricName is null || sum.MetricName == question.MetricName) && (question.ProjectId is null || sum.ProjectId == question.ProjectId);

    private static List<UsageTotal> Totals(IEnumerable<UsageAggregate> sums, BillingMonth month) =>
    [
        .. sums.GroupBy(sum => (sum.MetricName, sum.Unit))
            .Select(group => new UsageTotal(
                group.Key.MetricName,
                group.Key.Unit,
                group.Where(sum => sum.Month == month.Month).Sum(sum => sum.TotalValue),
                group.Where(sum => sum.Month == month.Month).Sum(sum => sum.EventCount),
                group.Where(sum => sum.Month != month.Month).Sum(sum => sum.TotalValue)))
            .OrderByDescending(total => total.Events)
            .ThenBy(total => total.MetricName, StringComparer.Ordinal)
            .ThenBy(total => total.Unit, StringComparer.Ordinal),
    ];

    private static async Task<IReadOnlyList<UsageDay>> DaysAsync(IBillingDb db, UsageQuestion question, BillingCalendar calendar, BillingMonth month, CancellationToken cancellationToken)
    {
        var period = calendar.Period(month);
        var zone = calendar.ZoneAt(period.Start).Id;
        var buckets = db.UsageBuckets.AsNoTracking()
            .Where(bucket => bucket.OrganisationId == question.OrganisationId && bucket.BucketStart >= period.Start && bucket.BucketStart < period.End);
        if (question.MetricName is { } metric)
            buckets = buckets.Where(bucket => bucket.MetricName == metric);
        if (question.ProjectId is { } project)
            buckets = buckets.Where(bucket => bucket.ProjectId == project);
        var days = await buckets
            .GroupBy(bucket => new { TimeZoneInfo.ConvertTimeBySystemTimeZoneId(bucket.BucketStart.UtcDateTime, zone).Date, bucket.MetricName, bucket.Unit })
            .Select(group => new { group.Key, Quantity = group.Sum(bucket => bucket.TotalValue), Events = group.Sum(bucket => bucket.EventCount) })
            .OrderBy(row => row.Key.Date)
            .ToListAsync(cancellationToken);
        // After a change of zone to the west, the month's first hours still carry the date of the day before it.
        return
        [
            .. days.Select(row => (Day: DateOnly.FromDateTime(row.Key.Date) is var day && day < month.FirstDay ? month.FirstDay : day, Row: row))
                .GroupBy(day => (day.Day, day.Row.Key.MetricName, day.Row.Key.Unit))
                .Select(group => new UsageDay(group.Key.Day, group.Key.MetricName, group.Key.Unit, group.Sum(day => day.Row.Quantity), group.Sum(day => day.Row.Events))),
        ];
    }
}
