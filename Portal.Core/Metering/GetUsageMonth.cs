using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>An organisation's usage of a month by metric and by day. Reads the sums that are kept with the events, and events only of metrics that are no sums.</summary>
public sealed class GetUsageMonth(IBillingStore store, IUsageMeasures measures, TimeProvider clock)
{
    private const int MostProjects = 500;
    private const int MostKeys = 500;

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
        var sums = await measures.MonthsAsync(db, question.OrganisationId, month.Previous, month, cancellationToken);
        var reader = new UsageReader(db, measures, await MetricRules.ReadAsync(db, cancellationToken), question.OrganisationId, calendar, question.MetricName, question.ProjectId);
        var zone = calendar.ZoneAt(calendar.Period(month).Start).Id;
        var days = await reader.ByDayAsync(month.Previous, month, cancellationToken);
        var projects = await db.Projects.AsNoTracking()
            .Where(project => project.OrganisationId == question.OrganisationId)
            .OrderBy(project => project.Name).ThenBy(project => project.Id).Take(MostProjects)
            .Select(project => new UsageProject(project.Id, project.Name)).ToListAsync(cancellationToken);
        var names = projects.ToDictionary(project => project.Id, project => project.Name);
        var keys = question.By == UsageBy.Key ? await KeyNamesAsync(db, question.OrganisationId, cancellationToken) : [];
        return new UsageMonth
        {
            OrganisationId = organisation.Id,
            OrganisationName = organisation.Name,
            TimeZone = zone,
            Locale = organisation.Locale,
            Month = month,
            CurrentMonth = current,
            Totals = Totals(sums.Where(sum => question.MetricName is null || sum.MetricName == question.MetricName), question.ProjectId, month),
            Days = [.. days.Where(one => one.Day >= month.FirstDay)],
            DaysBefore = [.. days.Where(one => one.Day < month.FirstDay)],
            Course = await new UsageCourseReader(reader, question, calendar, question.By == UsageBy.Key ? keys : names).ReadAsync(month, days, cancellationToken),
            ProjectTotals = ProjectTotals(sums.Where(sum => question.MetricName is null || sum.MetricName == question.MetricName), month, names),
            KeyTotals = question.By == UsageBy.Key ? KeyTotals(await reader.ByPartAsync(month, UsageBy.Key, cancellationToken), keys) : [],
            Metrics = [.. sums.Select(sum => sum.MetricName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Projects = projects,
            HasEverBeenUsed = sums.Count > 0 || await db.UsageAggregates.AnyAsync(sum => sum.OrganisationId == question.OrganisationId, cancellationToken),
        };
    }

    // A rotated key keeps its name, so the part that is public tells the two apart.
    private static async Task<Dictionary<Guid, string>> KeyNamesAsync(IBillingDb db, Guid organisationId, CancellationToken cancellationToken) => await db.ApiKeys.AsNoTracking()
        .Where(key => key.OrganisationId == organisationId)
        .OrderByDescending(key => key.LastUsedAt).ThenBy(key => key.Id).Take(MostKeys)
        .Select(key => new { key.Id, key.Name, key.Prefix })
        .ToDictionaryAsync(key => key.Id, key => $"{key.Name} ({key.Prefix}…)", cancellationToken);

    private static List<UsageKeyTotal> KeyTotals(IEnumerable<UsagePartDay> days, Dictionary<Guid, string> names) =>
    [
        .. days.GroupBy(day => (day.PartId, day.Unit))
            .Select(group => new UsageKeyTotal(group.Key.PartId, UsageCourseReader.NameOf(group.Key.PartId, names), group.Key.Unit, group.Sum(day => day.Quantity), group.Sum(day => day.Events)))
            .OrderByDescending(total => total.Events).ThenBy(total => total.Name, StringComparer.Ordinal),
    ];

    private static List<UsageTotal> Totals(IEnumerable<MeasuredMonth> sums, Guid? projectId, BillingMonth month)
    {
        return
        [
            .. sums.Where(sum => projectId is null || sum.Projects.ContainsKey(projectId.Value))
                .GroupBy(sum => (sum.MetricName, sum.Unit))
                .Select(group =>
                {
                    var (now, before) = (group.FirstOrDefault(sum => sum.Month == month), group.FirstOrDefault(sum => sum.Month != month));
                    return new UsageTotal(group.Key.MetricName, group.Key.Unit, Quantity(now), Events(now), Quantity(before));
                })
                .OrderByDescending(total => total.Events)
                .ThenBy(total => total.MetricName, StringComparer.Ordinal)
                .ThenBy(total => total.Unit, StringComparer.Ordinal),
        ];

        decimal Quantity(MeasuredMonth? sum) => sum is null ? 0 : projectId is { } project ? sum.Projects[project].Quantity : sum.Quantity;
        long Events(MeasuredMonth? sum) => sum is null ? 0 : projectId is { } project ? sum.Projects[project].Events : sum.Events;
    }

    private static List<UsageProjectTotal> ProjectTotals(IEnumerable<MeasuredMonth> sums, BillingMonth month, Dictionary<Guid, string> names) =>
    [
        .. sums.Where(sum => sum.Month == month)
            .SelectMany(sum => sum.Projects, (sum, project) => (sum.Unit, ProjectId: project.Key, project.Value))
            .GroupBy(used => (used.ProjectId, used.Unit))
            .Select(group => new UsageProjectTotal(group.Key.ProjectId, UsageCourseReader.NameOf(group.Key.ProjectId, names), group.Key.Unit, group.Sum(used => used.Value.Quantity), group.Sum(used => used.Value.Events)))
            .OrderByDescending(total => total.Events).ThenBy(total => total.Name, StringComparer.Ordinal),
    ];
}
