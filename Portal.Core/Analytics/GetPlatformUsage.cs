using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;

namespace Portal.Core.Analytics;

/// <summary>Events of all organisations by day, each counted on the day of its organisation's zone.</summary>
/// <param name="Month">The month that runs in the viewer's zone.</param>
/// <param name="Today">The day there.</param>
/// <param name="Days">Events of each day of the month; days to come have none.</param>
/// <param name="DaysBefore">The same of the month before.</param>
public sealed record PlatformUsage(BillingMonth Month, DateOnly Today, IReadOnlyList<long> Days, IReadOnlyList<long> DaysBefore);

/// <summary>An organisation in the list of usage.</summary>
/// <param name="Id">The organisation.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its standing.</param>
/// <param name="IsActive">False: closed.</param>
/// <param name="Events">Events of this month so far.</param>
/// <param name="SameDaysBefore">Events of the same days of the month before; today counts whole there.</param>
/// <param name="Recent">Events of each of the last <see cref="RecentUsage.Days"/> days, oldest first.</param>
public sealed record OrganisationUsageRow(Guid Id, string Name, OrganisationStatus Status, bool IsActive, long Events, long SameDaysBefore, IReadOnlyList<decimal> Recent);

/// <summary>Reads the usage of all organisations from the sums that are kept. Staff only; needs <c>usage:read</c> and <c>organisations:read</c>.</summary>
public sealed class GetPlatformUsage(IBillingStore store, TimeProvider clock)
{
    /// <summary>The month that runs beside the one before. It goes through the days of all organisations: asked for by itself, once the page stands.</summary>
    /// <param name="call">A staff member's.</param>
    /// <param name="timeZone">IANA zone that says which day it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Result<PlatformUsage>> RunAsync(CallContext call, string timeZone, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!IsAllowed(call))
            return Failure.Forbidden();
        var (today, month) = TodayIn(timeZone);
        var (start, end) = (month.Previous.FirstDay, month.Next.FirstDay);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var sums = await db.UsageDays.Where(sum => sum.Day >= start && sum.Day < end)
            .GroupBy(sum => sum.Day)
            .Select(group => new { Day = group.Key, Events = group.Sum(sum => sum.EventCount) })
            .ToDictionaryAsync(sum => sum.Day, sum => sum.Events, cancellationToken);
        long[] Of(BillingMonth one) => [.. Enumerable.Range(0, one.Next.FirstDay.DayNumber - one.FirstDay.DayNumber).Select(day => sums.GetValueOrDefault(one.FirstDay.AddDays(day)))];
        return new PlatformUsage(month, today, Of(month), Of(month.Previous));
    }

    /// <summary>
    /// Organisations with what they sent this month. Searches name and mail address; sorts by <c>events</c> or <c>name</c>; without a sort the one with most
    /// events comes first. The months' sums put them in order; days are read for the rows of the page alone.
    /// </summary>
    /// <param name="call">A staff member's.</param>
    /// <param name="timeZone">IANA zone that says which month it is.</param>
    /// <param name="request">Which page.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Result<PagedList<OrganisationUsageRow>>> ListAsync(CallContext call, string timeZone, ListRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!IsAllowed(call))
            return Failure.Forbidden();
        var (today, month) = TodayIn(timeZone);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var organisations = db.Organisations.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            var pattern = LikePattern.Containing(request.Search);
#pragma warning disable CA1304, CA1311, MA0011 // Runs in the database.
            organisations = organisations.Where(row => EF.Functions.Like(row.Name.ToLower(), pattern, @"\") || EF.Functions.Like(row.BillingEmail.ToLower(), pattern, @"\"));
#pragma warning restore CA1304, CA1311, MA0011
        }

        var total = request.WithTotal ? await organisations.CountAsync(cancellationToken) : (int?)null;
        var (year, number) = (month.Year, month.Month);
        var sums = db.UsageAggregates.Where(sum => sum.Year == year && sum.Month == number)
            .GroupBy(sum => sum.OrganisationId)
            .Select(group => new { OrganisationId = group.Key, Events = group.Sum(sum => sum.EventCount) });
        var rows = organisations.LeftJoin(sums, row => row.Id, sum => sum.OrganisationId, (row, sum) => new { row.Id, row.Name, row.Status, row.IsActive, Events = (long?)sum!.Events ?? 0 });
        var sorted = (request.Sort, request.Descending) switch
        {
            ("name", false) => rows.OrderBy(row => row.Name).ThenBy(row => row.Id),
            ("name", true) => rows.OrderByDescending(row => row.Name).ThenBy(row => row.Id),
            ("events", false) => rows.OrderBy(row => row.Events).ThenBy(row => row.Name).ThenBy(row => row.Id),
            _ => rows.OrderByDescending(row => row.Events).ThenBy(row => row.Name).ThenBy(row => row.Id),
        };
        var fetched = await sorted.Skip(request.Skip).Take(request.Fetch).ToListAsync(cancellationToken);
        var ids = fetched.ConvertAll(row => row.Id);
        var (start, days) = (month.Previous.FirstDay, today.Day);
        var end = start.AddDays(Math.Min(days, month.FirstDay.DayNumber - start.DayNumber));
        var before = await db.UsageDays.Where(sum => ids.Contains(sum.OrganisationId) && sum.Day >= start && sum.Day < end)
            .GroupBy(sum => sum.OrganisationId)
            .Select(group => new { Id = group.Key, Events = group.Sum(sum => sum.EventCount) })
            .ToDictionaryAsync(sum => sum.Id, sum => sum.Events, cancellationToken);
        var recent = await RecentUsage.OfOrganisationsAsync(db, ids, clock.GetUtcNow(), cancellationToken);
        return PagedList<OrganisationUsageRow>.Cut(
            [.. fetched.Select(row => new OrganisationUsageRow(row.Id, row.Name, row.Status, row.IsActive, row.Events, before.GetValueOrDefault(row.Id), recent[row.Id]))], request, total);
    }

    private static bool IsAllowed(CallContext call) => call.Scope is AccessScope.Staff && call.May(Permissions.UsageRead) && call.May(Permissions.OrganisationsRead);

    private (DateOnly Today, BillingMonth Month) TodayIn(string timeZone)
    {
        var today = DateFormat.DayIn(clock.GetUtcNow(), timeZone);
        return (today, new BillingMonth(today.Year, today.Month));
    }
}
