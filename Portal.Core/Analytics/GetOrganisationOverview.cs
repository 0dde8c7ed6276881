using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;

namespace Portal.Core.Analytics;

/// <summary>How an organisation stands. A part is null for who may not read it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">Whether it is in good standing.</param>
/// <param name="IsActive">False once the account is closed.</param>
/// <param name="Projects">Active projects and usable keys.</param>
/// <param name="Usage">This month's usage so far.</param>
/// <param name="Invoices">What is owed.</param>
public sealed record OrganisationOverview(string Name, OrganisationStatus Status, bool IsActive, ProjectFigures? Projects, MonthUsage? Usage, OwedFigures? Invoices);

/// <param name="Active">Active projects.</param>
/// <param name="UsableKeys">Keys that are neither revoked nor expired.</param>
/// <param name="LastUsedAt">When a key was last used; null for never.</param>
public sealed record ProjectFigures(int Active, int UsableKeys, DateTimeOffset? LastUsedAt);

/// <param name="Month">The organisation's current billing month.</param>
/// <param name="Events">Events stored for it so far.</param>
/// <param name="Metrics">The metrics with the most events, ten at most.</param>
public sealed record MonthUsage(BillingMonth Month, long Events, IReadOnlyList<MetricSum> Metrics);

/// <summary>A metric's sum over all projects, with that of the month before.</summary>
public sealed record MetricSum(string MetricName, string Unit, decimal Total, decimal TotalBefore, long Events);

/// <param name="Open">Owed, per currency.</param>
/// <param name="Overdue">Of that, how many invoices are past due.</param>
/// <param name="NextDueAt">When the next open invoice is due, or was.</param>
public sealed record OwedFigures(IReadOnlyList<AmountByCurrency> Open, int Overdue, DateTimeOffset? NextDueAt);

/// <summary>Reads the key figures of a customer's front page.</summary>
public sealed class GetOrganisationOverview(IBillingStore store, TimeProvider clock)
{
    private const int MostMetrics = 10;

    public async Task<Result<OrganisationOverview>> RunAsync(CallContext call, Guid organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Permissions.Count == 0)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.Organisations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == organisationId, cancellationToken) is not { } organisation)
            return Failure.NotFound("organisation");
        return new OrganisationOverview(
            organisation.Name, organisation.Status, organisation.IsActive,
            call.May(Permissions.ProjectsRead) ? await ProjectsAsync(db, organisationId, cancellationToken) : null,
            call.May(Permissions.UsageRead) ? await UsageAsync(db, organisation, cancellationToken) : null,
            call.May(Permissions.InvoicesRead) ? await OwedAsync(db, organisationId, cancellationToken) : null);
    }

    private async Task<ProjectFigures> ProjectsAsync(IBillingDb db, Guid organisationId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var keys = db.ApiKeys.Where(key => key.OrganisationId == organisationId);
        return new ProjectFigures(
            await db.Projects.CountAsync(project => project.OrganisationId == organisationId && project.IsActive, cancellationToken),
            await keys.CountAsync(key => key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now), cancellationToken),
            await keys.MaxAsync(key => key.LastUsedAt, cancellationToken));
    }

    private async Task<MonthUsage> UsageAsync(IBillingDb db, Organisation organisation, CancellationToken cancellationToken)
    {
        var month = organisation.Calendar.MonthOf(clock.GetUtcNow());
        var before = month.Previous;
        var sums = await db.UsageAggregates
            .Where(row => row.OrganisationId == organisation.Id && ((row.Year == month.Year && row.Month == month.Month) || (row.Year == before.Year && row.Month == before.Month)))
            .GroupBy(row => new { row.MetricName, row.Unit, row.Month })
            .Select(group => new { group.Key.MetricName, group.Key.Unit, group.Key.Month, Total = group.Sum(row => row.TotalValue), Events = group.Sum(row => row.EventCount) })
            .ToListAsync(cancellationToken);
        var metrics = sums.Where(sum => sum.Month == month.Month)
            .OrderByDescending(sum => sum.Events).ThenBy(sum => sum.MetricName, StringComparer.Ordinal)
            .Take(MostMetrics)
            .Select(sum => new MetricSum(sum.MetricName, sum.Unit, sum.Total,
                sums.Where(other => other.Month == before.Month && other.MetricName == sum.MetricName && other.Unit == sum.Unit).Sum(other => other.Total), sum.Events))
            .ToList();
        return new MonthUsage(month, sums.Where(sum => sum.Month == month.Month).Sum(sum => sum.Events), metrics);
    }

    private static async Task<OwedFigures> OwedAsync(IBillingDb db, Guid organisationId, CancellationToken cancellationToken)
    {
        var open = await db.Invoices
            .Where(invoice => invoice.OrganisationId == organisationId
                && (invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartiallyPaid || invoice.Status == InvoiceStatus.Overdue))
            .GroupBy(invoice => new { invoice.Currency, Overdue = invoice.Status == InvoiceStatus.Overdue })
            .Select(group => new { group.Key.Currency, group.Key.Overdue, Count = group.Count(), Due = group.Sum(invoice => invoice.AmountDue), NextDueAt = group.Min(invoice => invoice.DueAt) })
            .ToListAsync(cancellationToken);
        return new OwedFigures(
            [.. open.GroupBy(sum => sum.Currency, StringComparer.Ordinal).Select(group => new AmountByCurrency(group.Key, group.Sum(sum => sum.Due), group.Sum(sum => sum.Count)))],
            open.Where(sum => sum.Overdue).Sum(sum => sum.Count),
            open.Min(sum => sum.NextDueAt));
    }
}
