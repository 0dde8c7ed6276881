using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;

namespace Portal.Core.Analytics;

/// <summary>How the platform stands. A part is null for who may not read it.</summary>
/// <param name="Organisations">Accounts.</param>
/// <param name="Usage">Events of today.</param>
/// <param name="Invoices">What waits and what is owed.</param>
/// <param name="Runs">Runs that wait for somebody, latest first.</param>
/// <param name="Outbox">What leaves the portal.</param>
/// <param name="MayReadRevenue">Whether <see cref="GetBilledAndCollected"/> answers them.</param>
public sealed record PlatformOverview(
    OrganisationFigures? Organisations, UsageToday? Usage, InvoiceFigures? Invoices, IReadOnlyList<BillingRunFigures>? Runs, OutboxFigures? Outbox, bool MayReadRevenue);

/// <param name="Active">Accounts that are open.</param>
/// <param name="Suspended">Of those, with keys refused.</param>
/// <param name="Overdue">Of those that are not suspended, with something past due.</param>
public sealed record OrganisationFigures(int Active, int Suspended, int Overdue);

/// <summary>Events by hour of a day, beside the same weekday a week before.</summary>
/// <param name="Day">Today, in the zone.</param>
/// <param name="Hours">Events in each hour of today; hours to come have none.</param>
/// <param name="HoursBefore">The same of the day a week before, whole.</param>
/// <param name="Until">The end of the last whole quarter of an hour, up to which both are compared.</param>
/// <param name="Compared">Events of today until then.</param>
/// <param name="ComparedBefore">Events a week before until the same time of day.</param>
public sealed record UsageToday(DateOnly Day, IReadOnlyList<long> Hours, IReadOnlyList<long> HoursBefore, DateTimeOffset Until, long Compared, long ComparedBefore)
{
    /// <summary>Events so far.</summary>
    public long Events => Hours.Sum();
}

/// <param name="Drafts">Waiting to be reviewed and issued.</param>
/// <param name="Held">Drafts that are held back for a reason; not among the others.</param>
/// <param name="Owed">What is owed, by currency; the one with the most invoices first.</param>
public sealed record InvoiceFigures(int Drafts, int Held, IReadOnlyList<Receivables> Owed)
{
    /// <summary>Invoices past due, in all currencies.</summary>
    public int Overdue => Owed.SelectMany(owed => owed.Ages).Where(age => age.Age != ReceivableAge.NotDue).Sum(age => age.Count);
}

/// <summary>What is owed in one currency, by how long it has been due.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Ages">Every age, the youngest first.</param>
public sealed record Receivables(string Currency, IReadOnlyList<AgedAmount> Ages)
{
    public decimal Total => Ages.Sum(age => age.Amount);

    public int Count => Ages.Sum(age => age.Count);
}

public sealed record AgedAmount(ReceivableAge Age, decimal Amount, int Count);

/// <summary>A billing run that is at work, failed, or left something behind.</summary>
public sealed record BillingRunFigures(Guid Id, BillingMonth Month, BillingRunState State, int Total, int Failed, int Unpriced, DateTimeOffset CreatedAt);

/// <param name="Waiting">Messages that are to be sent.</param>
/// <param name="OldestDueAt">When the first of them was due.</param>
/// <param name="GivenUp">Messages that nobody tries any more.</param>
public sealed record OutboxFigures(int Waiting, DateTimeOffset? OldestDueAt, int GivenUp);

/// <summary>Reads the key figures of the staff's front page, one question to the database for each part.</summary>
public sealed class GetPlatformOverview(IBillingStore store, TimeProvider clock)
{
    private const int MostRuns = 24;
    private static readonly TimeSpan s_bucket = TimeSpan.FromMinutes(15);

    /// <param name="call">A staff member's.</param>
    /// <param name="timeZone">IANA zone that cuts the days and months.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Result<PlatformOverview>> RunAsync(CallContext call, string timeZone, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Scope is not AccessScope.Staff)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        var calendar = new BillingCalendar(timeZone, null, null);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return new PlatformOverview(
            call.May(Permissions.OrganisationsRead) ? await OrganisationsAsync(db, now, cancellationToken) : null,
            call.May(Permissions.UsageRead) ? await UsageAsync(db, calendar, now, cancellationToken) : null,
            call.May(Permissions.InvoicesRead) ? await InvoicesAsync(db, now, cancellationToken) : null,
            call.May(Permissions.BillingRunsRead) ? await RunsAsync(db, cancellationToken) : null,
            call.May(Permissions.SystemRead) ? await OutboxAsync(db, cancellationToken) : null,
            GetBilledAndCollected.IsAllowed(call));
    }

    private static async Task<OrganisationFigures> OrganisationsAsync(IBillingDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var states = await db.Organisations.Where(row => row.IsActive)
            .Select(row => new
            {
                IsSuspended = row.Status == OrganisationStatus.Suspended,
                IsLate = db.Invoices.Any(invoice => invoice.OrganisationId == row.Id
                    && (invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartiallyPaid || invoice.Status == InvoiceStatus.Overdue) && invoice.DueAt <= now),
            })
            .GroupBy(row => row)
            .Select(group => new { group.Key.IsSuspended, group.Key.IsLate, Count = group.Count() }).ToListAsync(cancellationToken);
        return new OrganisationFigures(
            states.Sum(state => state.Count),
            states.Where(state => state.IsSuspended).Sum(state => state.Count),
            states.Where(state => state is { IsSuspended: false, IsLate: true }).Sum(state => state.Count));
    }

    private static async Task<UsageToday> UsageAsync(IBillingDb db, BillingCalendar calendar, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var zone = calendar.ZoneAt(now);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var (day, before) = (calendar.Day(today), calendar.Day(today.AddDays(-7)));
        var buckets = await db.UsageBuckets.AsNoTracking()
            .Where(bucket => (bucket.BucketStart >= day.Start && bucket.BucketStart < day.End) || (bucket.BucketStart >= before.Start && bucket.BucketStart < before.End))
            .GroupBy(bucket => bucket.BucketStart)
            .Select(group => new { Start = group.Key, Events = group.Sum(bucket => bucket.EventCount) })
            .ToListAsync(cancellationToken);
        var until = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % s_bucket.Ticks), TimeSpan.Zero);
        // By the clock on the wall, so that a week in which clocks changed is compared fairly.
        var passed = TimeZoneInfo.ConvertTime(until, zone).DateTime - today.ToDateTime(TimeOnly.MinValue);
        var (hours, hoursBefore) = (new long[24], new long[24]);
        var (compared, comparedBefore) = (0L, 0L);
        foreach (var bucket in buckets)
        {
            var wall = TimeZoneInfo.ConvertTime(bucket.Start, zone).TimeOfDay;
            var isToday = bucket.Start >= day.Start;
            (isToday ? hours : hoursBefore)[wall.Hours] += bucket.Events;
            if (isToday)
                compared += bucket.Start < until ? bucket.Events : 0;
            else
                comparedBefore += wall < passed ? bucket.Events : 0;
        }

        return new UsageToday(today, hours, hoursBefore, until, compared, comparedBefore);
    }

    private static async Task<InvoiceFigures> InvoicesAsync(IBillingDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (month, two, three) = (ReceivableAges.Boundary(30, now), ReceivableAges.Boundary(60, now), ReceivableAges.Boundary(90, now));
        var sums = await db.Invoices
            .Where(invoice => invoice.Status == InvoiceStatus.Draft || invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartiallyPaid || invoice.Status == InvoiceStatus.Overdue)
            .Select(invoice => new
            {
                invoice.Currency,
                invoice.AmountDue,
                IsDraft = invoice.Status == InvoiceStatus.Draft,
                IsHeld = invoice.HoldReason != null,
                Age = invoice.DueAt == null || invoice.DueAt > now ? 0 : invoice.DueAt > month ? 1 : invoice.DueAt > two ? 2 : invoice.DueAt > three ? 3 : 4,
            })
            .GroupBy(row => new { row.Currency, row.IsDraft, row.IsHeld, row.Age })
            .Select(group => new { group.Key.Currency, group.Key.IsDraft, group.Key.IsHeld, group.Key.Age, Count = group.Count(), Due = group.Sum(row => row.AmountDue) })
            .ToListAsync(cancellationToken);
        var drafts = sums.Where(sum => sum.IsDraft).ToList();
        return new InvoiceFigures(
            drafts.Where(sum => !sum.IsHeld).Sum(sum => sum.Count),
            drafts.Where(sum => sum.IsHeld).Sum(sum => sum.Count),
            [
                .. sums.Where(sum => !sum.IsDraft).GroupBy(sum => sum.Currency, StringComparer.Ordinal)
                    .OrderByDescending(group => group.Sum(sum => sum.Count)).ThenBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => new Receivables(group.Key, [.. Enum.GetValues<ReceivableAge>().Select(age => new AgedAmount(
                        age, group.Where(sum => sum.Age == (int)age).Sum(sum => sum.Due), group.Where(sum => sum.Age == (int)age).Sum(sum => sum.Count)))])),
            ]);
    }

    private static async Task<IReadOnlyList<BillingRunFigures>> RunsAsync(IBillingDb db, CancellationToken cancellationToken)
    {
        var runs = await db.BillingRuns.AsNoTracking().OrderByDescending(run => run.Id).Take(MostRuns)
            .Select(run => new { run.OrganisationId, Figures = new BillingRunFigures(run.Id, new BillingMonth(run.Year, run.Month), run.State, run.Total, run.Failed, run.Unpriced, run.CreatedAt) })
            .ToListAsync(cancellationToken);
        // A later run of the same month and organisations has seen to what an earlier one left.
        return
        [
            .. runs.DistinctBy(run => (run.OrganisationId, run.Figures.Month)).Select(run => run.Figures)
                .Where(run => run.State != BillingRunState.Completed || run.Failed > 0 || run.Unpriced > 0),
        ];
    }

    private static async Task<OutboxFigures> OutboxAsync(IBillingDb db, CancellationToken cancellationToken)
    {
        var sums = await db.Outbox.Where(message => message.DoneAt == null)
            .GroupBy(message => message.DeadAt != null)
            .Select(group => new { IsDead = group.Key, Count = group.Count(), OldestDueAt = group.Min(message => message.DueAt) })
            .ToListAsync(cancellationToken);
        var waiting = sums.SingleOrDefault(sum => !sum.IsDead);
        return new OutboxFigures(waiting?.Count ?? 0, waiting?.OldestDueAt, sums.SingleOrDefault(sum => sum.IsDead)?.Count ?? 0);
    }
}
