using Microsoft.EntityFrameworkCore;
using Portal.Core.Currencies;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>How many events came on each of the last days, for the rows of a list: one question, however many rows there are.</summary>
public static class RecentUsage
{
    /// <summary>The days that a row shows, today included.</summary>
    public const int Days = 30;

    /// <summary>Of organisations, each up to today in its own zone.</summary>
    internal static async Task<IReadOnlyDictionary<Guid, IReadOnlyList<decimal>>> OfOrganisationsAsync(IBillingDb db, IReadOnlyList<Guid> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (first, last) = Span(now);
        var rows = await (
            from organisation in db.Organisations.AsNoTracking()
            where ids.Contains(organisation.Id)
            from sum in db.UsageDays.Where(sum => sum.OrganisationId == organisation.Id && sum.Day >= first && sum.Day <= last)
            group sum by new { organisation.Id, organisation.TimeZone, sum.Day } into day
            select new DaySum(day.Key.Id, day.Key.TimeZone, day.Key.Day, day.Sum(sum => sum.EventCount))).ToListAsync(cancellationToken);
        return Spread(ids, rows, now);
    }

    /// <summary>Of projects of one organisation, up to today in its zone.</summary>
    internal static async Task<IReadOnlyDictionary<Guid, IReadOnlyList<decimal>>> OfProjectsAsync(IBillingDb db, Guid organisationId, IReadOnlyList<Guid> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (first, last) = Span(now);
        var rows = await (
            from organisation in db.Organisations.AsNoTracking()
            where organisation.Id == organisationId
            from sum in db.UsageDays.Where(sum => sum.OrganisationId == organisationId && sum.Day >= first && sum.Day <= last && ids.Contains(sum.ProjectId))
            group sum by new { sum.ProjectId, organisation.TimeZone, sum.Day } into day
            select new DaySum(day.Key.ProjectId, day.Key.TimeZone, day.Key.Day, day.Sum(sum => sum.EventCount))).ToListAsync(cancellationToken);
        return Spread(ids, rows, now);
    }

    // A day more at either end: which day it is depends on the zone.
    private static (DateOnly First, DateOnly Last) Span(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return (today.AddDays(-Days), today.AddDays(1));
    }

    private static Dictionary<Guid, IReadOnlyList<decimal>> Spread(IReadOnlyList<Guid> ids, List<DaySum> rows, DateTimeOffset now)
    {
        var found = ids.ToDictionary(id => id, _ => new decimal[Days]);
        foreach (var row in rows)
        {
            var index = Days - 1 - (DateFormat.DayIn(now, row.TimeZone).DayNumber - row.Day.DayNumber);
            if (index is >= 0 and < Days)
                found[row.Id][index] += row.Events;
        }

        return found.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<decimal>)pair.Value);
    }

    private sealed record DaySum(Guid Id, string TimeZone, DateOnly Day, long Events);
}
