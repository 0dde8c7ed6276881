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
        var month = question.Day is { } day ? new BillingMonth(day.Year, day.Month) : question.Month ?? current;
        var sums = await SumsAsync(db, question.OrganisationId, month, cancellationToken);
        var zone = calendar.ZoneAt(calendar.Period(month).Start).Id;
        var days = await UsageSums.ByDayAsync(Buckets(db, question), calendar, month.Previous, month, cancellationToken);
        var projects = await db.Projects.AsNoTracking()
            .Where(project => project.OrganisationId == question.OrganisationId)
            .OrderBy(project => project.Name).ThenBy(project => project.Id).Take(MostProjects)
            .Select(project => new UsageProject(project.Id, project.Name)).ToListAsync(cancellationToken);
        var names = projects.ToDictionary(project => project.Id, project => project.Name);
        return new UsageMonth
        {
            OrganisationId = organisation.Id,
            OrganisationName = organisation.Name,
            TimeZone = zone,
            Locale = organisation.Locale,
            Month = month,
            CurrentMonth = current,
            Totals = Totals(sums.Where(sum => Fits(sum, question)), month),
            Days = [.. days.Where(one => one.Day >= month.FirstDay)],
            DaysBefore = [.. days.Where(one => one.Day < month.FirstDay)],
            Course = await new UsageCourseReader(Buckets(db, question), question, calendar, names).ReadAsync(month, days, cancellationToken),
            ProjectTotals = ProjectTotals(sums.Where(sum => question.MetricName is null || sum.MetricName == question.MetricName), month, names),
            Metrics = [.. sums.Select(sum => sum.MetricName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Projects = projects,
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

    private static List<UsageProjectTotal> ProjectTotals(IEnumerable<UsageAggregate> sums, BillingMonth month, Dictionary<Guid, string> names) =>
    [
        .. sums.Where(sum => sum.Month == month.Month)
            .GroupBy(sum => (sum.ProjectId, sum.Unit))
            .Select(group => new UsageProjectTotal(group.Key.ProjectId, UsageCourseReader.NameOf(group.Key.ProjectId, names), group.Key.Unit, group.Sum(sum => sum.TotalValue), group.Sum(sum => sum.EventCount)))
            .OrderByDescending(total => total.Events).ThenBy(total => total.Name, StringComparer.Ordinal),
    ];

    private static IQueryable<UsageBucket> Buckets(IBillingDb db, UsageQuestion question)
    {
        var buckets = db.UsageBuckets.AsNoTracking().Where(bucket => bucket.OrganisationId == question.OrganisationId);
        if (question.MetricName is { } metric)
            buckets = buckets.Where(bucket => bucket.MetricName == metric);
        if (question.ProjectId is { } project)
            buckets = buckets.Where(bucket => bucket.ProjectId == project);
        return buckets;
    }
}
