using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Currencies;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Payments;

namespace Portal.Core.Analytics;

/// <summary>How a customer stands, as staff see it. A part is null for who may not read it.</summary>
/// <param name="ActiveKeys">Keys that are neither revoked nor expired.</param>
/// <param name="Members">People who belong to it.</param>
/// <param name="Missing">What it lacks before its first usage can be billed; null once it has sent any.</param>
/// <param name="Money">What it owes and was billed.</param>
/// <param name="Recurring">Monthly recurring revenue by currency; empty without a subscription or service that is paid for.</param>
/// <param name="PrepaidCredits">What is left of its prepaid credits; null also when it never had any.</param>
/// <param name="Invoices">The latest, five at most, without drafts.</param>
/// <param name="Payments">The latest, five at most.</param>
public sealed record AccountSummary(
    int ActiveKeys, int Members, AccountGaps? Missing, AccountMoney? Money, IReadOnlyList<AmountByCurrency>? Recurring, decimal? PrepaidCredits,
    IReadOnlyList<LatestInvoice>? Invoices, IReadOnlyList<LatestPayment>? Payments);

/// <param name="Outstanding">What open invoices leave to pay, by currency.</param>
/// <param name="PastDue">How much of that is past its due date.</param>
/// <param name="Billed">Totals of invoices issued in the last twelve months that are not void, tax included.</param>
public sealed record AccountMoney(IReadOnlyList<AmountByCurrency> Outstanding, IReadOnlyList<AmountByCurrency> PastDue, IReadOnlyList<AmountByCurrency> Billed);

/// <summary>What an organisation that never sent usage still lacks.</summary>
public sealed record AccountGaps(bool Project, bool Key, bool Price)
{
    public bool Any => Project || Key || Price;
}

/// <summary>A payment in short.</summary>
public sealed record LatestPayment(Guid Id, PaymentMethod Method, string? ProviderMethod, PaymentStatus Status, string Currency, decimal Amount, DateTimeOffset ReceivedAt);

/// <summary>Events of an organisation by day and metric, up to today in its zone.</summary>
/// <param name="First">The first of the days.</param>
/// <param name="TimeZone">IANA zone that cuts them.</param>
/// <param name="Metrics">The ones with most events first.</param>
/// <param name="Before">All events of each of as many days before.</param>
public sealed record AccountUsage(DateOnly First, string TimeZone, IReadOnlyList<AccountMetric> Metrics, IReadOnlyList<long> Before)
{
    /// <summary>Of all days and metrics.</summary>
    public long Events => Metrics.Sum(metric => metric.Events.Sum());
}

/// <param name="Name">The metric; null for all that are not among the first.</param>
/// <param name="Events">Of each day.</param>
public sealed record AccountMetric(string? Name, IReadOnlyList<long> Events);

/// <summary>Reads what the staff's page of a customer begins with.</summary>
public sealed class GetAccountSummary(IBillingStore store, TimeProvider clock)
{
    /// <summary>The days of usage that are shown, today included.</summary>
    public const int UsageDays = 30;

    private const int MostMetrics = 5;
    private const int MostPayments = 5;

    /// <summary>Needs <c>organisations:read</c>, as staff; each part the permission to read it.</summary>
    public async Task<Result<AccountSummary>> RunAsync(CallContext call, Guid organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.OrganisationsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        var (seesInvoices, seesCredits) = (call.May(Permissions.InvoicesRead), call.May(Permissions.CreditsRead));
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var found = await db.Organisations.AsNoTracking().Where(row => row.Id == organisationId)
            .Select(row => new
            {
                Keys = db.ApiKeys.Count(key => key.OrganisationId == row.Id && key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now)),
                Members = db.RoleAssignments.Count(role => role.OrganisationId == row.Id),
                HasUsage = db.UsageAggregates.Any(sum => sum.OrganisationId == row.Id),
                HasProject = db.Projects.Any(project => project.OrganisationId == row.Id && project.IsActive),
                HasPrice = db.Prices.Any(price => price.OrganisationId == row.Id) || db.Prices.Any(price => price.OrganisationId == null && price.PlanId == null),
                HadCredits = seesCredits && db.PrepaidGrants.Any(grant => grant.OrganisationId == row.Id),
                Credits = seesCredits ? db.PrepaidWallets.Where(wallet => wallet.OrganisationId == row.Id).Select(wallet => wallet.Balance).FirstOrDefault() : 0m,
            })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null)
            return Failure.NotFound("organisation");
        return new AccountSummary(
            found.Keys,
            found.Members,
            found.HasUsage ? null : new AccountGaps(!found.HasProject, found.Keys == 0, !found.HasPrice),
            seesInvoices ? await MoneyAsync(db, organisationId, now, cancellationToken) : null,
            seesInvoices && call.May(Permissions.SubscriptionsRead) ? await RecurringAsync(db, organisationId, cancellationToken) : null,
            found.HadCredits ? found.Credits : null,
            seesInvoices ? await GetOrganisationOverview.LatestAsync(db, organisationId, cancellationToken) : null,
            call.May(Permissions.PaymentsRead) ? await PaymentsAsync(db, organisationId, cancellationToken) : null);
    }

    /// <summary>Events of the last days. Needs <c>usage:read</c>, as staff. Asked for by itself: the page does not wait for it.</summary>
    public async Task<Result<AccountUsage>> UsageAsync(CallContext call, Guid organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.UsageRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.Organisations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == organisationId, cancellationToken) is not { } organisation)
            return Failure.NotFound("organisation");
        var zone = organisation.Calendar.ZoneAt(now).Id;
        var today = DateFormat.DayIn(now, zone);
        var (first, before) = (today.AddDays(1 - UsageDays), today.AddDays(1 - (2 * UsageDays)));
        var days = await db.UsageDays.AsNoTracking()
            .Where(sum => sum.OrganisationId == organisationId && sum.Day >= before && sum.Day <= today)
            .GroupBy(sum => new { sum.Day, sum.MetricName })
            .Select(group => new MetricDay(group.Key.Day, group.Key.MetricName, group.Sum(sum => sum.EventCount)))
            .ToListAsync(cancellationToken);
        var metrics = days.Where(day => day.Day >= first).GroupBy(day => day.MetricName, StringComparer.Ordinal)
            .OrderByDescending(group => group.Sum(day => day.Events)).ThenBy(group => group.Key, StringComparer.Ordinal).ToList();
        // A single one beyond the most is named rather than called the others.
        var named = metrics.Count <= MostMetrics + 1 ? metrics.Count : MostMetrics;
        List<AccountMetric> shown = [.. metrics.Take(named).Select(group => new AccountMetric(group.Key, Spread(group, first)))];
        if (metrics.Count > named)
            shown.Add(new AccountMetric(null, Spread(metrics.Skip(named).SelectMany(group => group), first)));
        return new AccountUsage(first, zone, shown, Spread(days.Where(day => day.Day < first), before));
    }

    private static long[] Spread(IEnumerable<MetricDay> days, DateOnly first)
    {
        var events = new long[UsageDays];
        foreach (var day in days)
            events[day.Day.DayNumber - first.DayNumber] += day.Events;
        return events;
    }

    private static async Task<AccountMoney> MoneyAsync(IBillingDb db, Guid organisationId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now.AddYears(-1);
        var sums = await db.Invoices
            .Where(invoice => invoice.OrganisationId == organisationId && invoice.Status != InvoiceStatus.Draft && invoice.Status != InvoiceStatus.Void)
            .Select(invoice => new
            {
                invoice.Currency,
                IsOpen = invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartiallyPaid || invoice.Status == InvoiceStatus.Overdue,
                IsLate = invoice.DueAt <= now,
                IsRecent = invoice.IssuedAt >= since,
                invoice.AmountDue,
                invoice.Total,
            })
            .GroupBy(invoice => new { invoice.Currency, invoice.IsOpen, invoice.IsLate, invoice.IsRecent })
            .Select(group => new { group.Key, Count = group.Count(), Due = group.Sum(invoice => invoice.AmountDue), Total = group.Sum(invoice => invoice.Total) })
            .ToListAsync(cancellationToken);
        return new AccountMoney(
            ByCurrency(sums.Where(sum => sum.Key.IsOpen).Select(sum => new AmountByCurrency(sum.Key.Currency, sum.Due, sum.Count))),
            ByCurrency(sums.Where(sum => sum.Key is { IsOpen: true, IsLate: true }).Select(sum => new AmountByCurrency(sum.Key.Currency, sum.Due, sum.Count))),
            ByCurrency(sums.Where(sum => sum.Key.IsRecent).Select(sum => new AmountByCurrency(sum.Key.Currency, sum.Total, sum.Count))));
    }

    private static List<AmountByCurrency> ByCurrency(IEnumerable<AmountByCurrency> sums) =>
    [
        .. sums.GroupBy(sum => sum.Currency, StringComparer.Ordinal)
            .Select(group => new AmountByCurrency(group.Key, group.Sum(sum => sum.Amount), group.Sum(sum => sum.Count)))
            .OrderByDescending(sum => sum.Count).ThenBy(sum => sum.Currency, StringComparer.Ordinal),
    ];

    private static async Task<IReadOnlyList<AmountByCurrency>> RecurringAsync(IBillingDb db, Guid organisationId, CancellationToken cancellationToken) =>
        await db.MrrPositions.Where(position => position.OrganisationId == organisationId && position.Mrr > 0)
            .OrderByDescending(position => position.Mrr).Select(position => new AmountByCurrency(position.Currency, position.Mrr, 1)).ToListAsync(cancellationToken);

    private static async Task<IReadOnlyList<LatestPayment>> PaymentsAsync(IBillingDb db, Guid organisationId, CancellationToken cancellationToken) =>
        await db.Payments.AsNoTracking().Where(payment => payment.OrganisationId == organisationId)
            .OrderByDescending(payment => payment.Id).Take(MostPayments)
            .Select(payment => new LatestPayment(payment.Id, payment.Method, payment.ProviderMethod, payment.Status, payment.Currency, payment.Amount, payment.ReceivedAt))
            .ToListAsync(cancellationToken);

    private sealed record MetricDay(DateOnly Day, string MetricName, long Events);
}
