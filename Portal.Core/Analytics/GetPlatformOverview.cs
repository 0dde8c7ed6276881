using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Settings;

namespace Portal.Core.Analytics;

/// <summary>How the platform stands. A part is null for who may not read it.</summary>
public sealed record PlatformOverview(OrganisationFigures? Organisations, UsageFigures? Usage, InvoiceFigures? Invoices, BillingRunFigures? LastRun);

/// <param name="Active">Accounts that are open.</param>
/// <param name="Suspended">Of those, with keys refused.</param>
/// <param name="Overdue">Of those, with something past due.</param>
/// <param name="Projects">Active projects.</param>
/// <param name="UsableKeys">Keys that are neither revoked nor expired.</param>
public sealed record OrganisationFigures(int Active, int Suspended, int Overdue, int Projects, int UsableKeys);

/// <param name="Month">The month that it is for the seller.</param>
/// <param name="Events">Events stored for it so far.</param>
/// <param name="EventsBefore">Events of the whole month before.</param>
public sealed record UsageFigures(BillingMonth Month, long Events, long EventsBefore);

/// <param name="Drafts">Waiting to be reviewed and issued.</param>
/// <param name="Held">Of those, held back for a reason.</param>
/// <param name="Open">Owed, per currency.</param>
/// <param name="Overdue">Of that, past due.</param>
public sealed record InvoiceFigures(int Drafts, int Held, IReadOnlyList<AmountByCurrency> Open, IReadOnlyList<AmountByCurrency> Overdue);

/// <summary>The latest billing run.</summary>
public sealed record BillingRunFigures(Guid Id, BillingMonth Month, BillingRunState State, int Total, int Failed, int Unpriced, DateTimeOffset CreatedAt);

/// <summary>Reads the key figures of the staff's front page.</summary>
public sealed class GetPlatformOverview(IBillingStore store, TimeProvider clock)
{
    public async Task<Result<PlatformOverview>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Scope is not AccessScope.Staff)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return new PlatformOverview(
            call.May(Permissions.OrganisationsRead) ? await OrganisationsAsync(db, cancellationToken) : null,
            call.May(Permissions.UsageRead) ? await UsageAsync(db, cancellationToken) : null,
            call.May(Permissions.InvoicesRead) ? await InvoicesAsync(db, cancellationToken) : null,
            call.May(Permissions.BillingRunsRead) ? await LastRunAsync(db, cancellationToken) : null);
    }

    private async Task<OrganisationFigures> OrganisationsAsync(IBillingDb db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var states = await db.Organisations.Where(row => row.IsActive).GroupBy(row => row.Status)
            .Select(group => new { Status = group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        return new OrganisationFigures(
            states.Sum(state => state.Count),
            states.Where(state => state.Status == OrganisationStatus.Suspended).Sum(state => state.Count),
            states.Where(state => state.Status == OrganisationStatus.Overdue).Sum(state => state.Count),
            await db.Projects.CountAsync(project => project.IsActive, cancellationToken),
            await db.ApiKeys.CountAsync(key => key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now), cancellationToken));
    }

    private async Task<UsageFigures> UsageAsync(IBillingDb db, CancellationToken cancellationToken)
    {
        var settings = await db.PlatformSettingsAsync(cancellationToken);
        var month = new BillingCalendar(settings.TimeZone, null, null).MonthOf(clock.GetUtcNow());
        var before = month.Previous;
        var sums = await db.UsageAggregates
            .Where(row => (row.Year == month.Year && row.Month == month.Month) || (row.Year == before.Year && row.Month == before.Month))
            .GroupBy(row => row.Month)
            .Select(group => new { Month = group.Key, Events = group.Sum(row => row.EventCount) })
            .ToListAsync(cancellationToken);
        return new UsageFigures(
            month,
            sums.Where(sum => sum.Month == month.Month).Sum(sum => sum.Events),
            sums.Where(sum => sum.Month == before.Month).Sum(sum => sum.Events));
    }

    private static async Task<InvoiceFigures> InvoicesAsync(IBillingDb db, CancellationToken cancellationToken)
    {
        var sums = await db.Invoices
            .Where(invoice => invoice.Status == InvoiceStatus.Draft || invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartiallyPaid || invoice.Status == InvoiceStatus.Overdue)
            .GroupBy(invoice => new { invoice.Status, invoice.Currency, Held = invoice.HoldReason != null })
            .Select(group => new { group.Key.Status, group.Key.Currency, group.Key.Held, Count = group.Count(), Due = group.Sum(invoice => invoice.AmountDue) })
            .ToListAsync(cancellationToken);
        List<AmountByCurrency> ByCurrency(Func<InvoiceStatus, bool> which) =>
        [
            .. sums.Where(sum => which(sum.Status)).GroupBy(sum => sum.Currency, StringComparer.Ordinal)
                .Select(group => new AmountByCurrency(group.Key, group.Sum(sum => sum.Due), group.Sum(sum => sum.Count)))
                .OrderByDescending(sum => sum.Count).ThenBy(sum => sum.Currency, StringComparer.Ordinal),
        ];
        var drafts = sums.Where(sum => sum.Status == InvoiceStatus.Draft).ToList();
        return new InvoiceFigures(
            drafts.Sum(sum => sum.Count),
            drafts.Where(sum => sum.Held).Sum(sum => sum.Count),
            ByCurrency(status => status != InvoiceStatus.Draft),
            ByCurrency(status => status == InvoiceStatus.Overdue));
    }

    private static async Task<BillingRunFigures?> LastRunAsync(IBillingDb db, CancellationToken cancellationToken)
    {
        var run = await db.BillingRuns.AsNoTracking().OrderByDescending(row => row.Id)
            .Select(row => new { row.Id, row.Year, row.Month, row.State, row.Total, row.Failed, row.Unpriced, row.CreatedAt })
            .FirstOrDefaultAsync(cancellationToken);
        return run is null ? null : new BillingRunFigures(run.Id, new BillingMonth(run.Year, run.Month), run.State, run.Total, run.Failed, run.Unpriced, run.CreatedAt);
    }
}
