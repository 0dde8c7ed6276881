using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Plans;

namespace Portal.Core.Analytics;

/// <summary>How an organisation stands. A part is null for who may not read it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">Whether it is in good standing.</param>
/// <param name="IsActive">False once the account is closed.</param>
/// <param name="Projects">Active projects and usable keys.</param>
/// <param name="Usage">This month's usage so far.</param>
/// <param name="Owed">What is to be paid.</param>
/// <param name="Latest">The latest invoices, five at most.</param>
public sealed record OrganisationOverview(
    string Name, OrganisationStatus Status, bool IsActive, ProjectFigures? Projects, MonthUsage? Usage, OwedFigures? Owed, IReadOnlyList<LatestInvoice>? Latest)
{
    /// <summary>What it is subscribed to; null without a subscription.</summary>
    public PlanFigures? Plan { get; init; }
}

/// <param name="Name">Of the plan.</param>
/// <param name="Status">As of today.</param>
/// <param name="Fee">Of a whole period.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Cycle">How often it comes.</param>
/// <param name="PeriodEnd">First day after the period that runs; of a trial, the first that is paid for.</param>
/// <param name="EndsOn">First day no longer in force; null while open.</param>
public sealed record PlanFigures(string Name, SubscriptionStatus Status, decimal Fee, string Currency, BillingCycle Cycle, DateOnly PeriodEnd, DateOnly? EndsOn);

/// <param name="Active">Active projects.</param>
/// <param name="UsableKeys">Keys that are neither revoked nor expired.</param>
public sealed record ProjectFigures(int Active, int UsableKeys);

/// <param name="Month">The organisation's current billing month.</param>
/// <param name="Today">The day of its zone.</param>
/// <param name="Events">Events stored for it so far.</param>
/// <param name="EventsBefore">Events of the same days of the month before.</param>
/// <param name="Metrics">The metrics with the most events, ten at most.</param>
/// <param name="MoreMetrics">Metrics beyond those.</param>
public sealed record MonthUsage(BillingMonth Month, DateOnly Today, long Events, long EventsBefore, IReadOnlyList<MetricSum> Metrics, int MoreMetrics);

/// <summary>A metric's sum over all projects, beside that of the month before.</summary>
/// <param name="MetricName">The metric.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Total">So far this month.</param>
/// <param name="SameDaysBefore">The same days of the month before; today counts whole there.</param>
/// <param name="TotalBefore">The whole month before.</param>
/// <param name="Forecast">The month's end at the pace of the last days; null while there is nothing to judge by.</param>
/// <param name="Days">Each day of the month so far, from the first.</param>
public sealed record MetricSum(string MetricName, string Unit, decimal Total, decimal SameDaysBefore, decimal TotalBefore, decimal? Forecast, IReadOnlyList<decimal> Days);

/// <param name="Open">Owed, per currency.</param>
/// <param name="Overdue">Of that, how many invoices are past due.</param>
/// <param name="NextDueAt">When the next open invoice is due, or was.</param>
/// <param name="FirstInvoiceId">The open invoice that is due first.</param>
public sealed record OwedFigures(IReadOnlyList<AmountByCurrency> Open, int Overdue, DateTimeOffset? NextDueAt, Guid? FirstInvoiceId);

/// <summary>An invoice in short.</summary>
public sealed record LatestInvoice(
    Guid Id, string Number, InvoiceStatus Status, BillingMonth Month, string Currency, string Locale, string TimeZone, decimal Total, decimal AmountDue, DateTimeOffset? DueAt);

/// <summary>Reads the key figures of a customer's front page, one question to the database for each part.</summary>
public sealed class GetOrganisationOverview(IBillingStore store, IUsageMeasures measures, EstimateMonthCost estimate, TimeProvider clock)
{
    private const int MostMetrics = 10;
    private const int MostInvoices = 5;

    public async Task<Result<OrganisationOverview>> RunAsync(CallContext call, Guid organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Permissions.Count == 0)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var found = await db.Organisations.AsNoTracking().Where(row => row.Id == organisationId)
            .Select(row => new
            {
                Organisation = row,
                Projects = db.Projects.Count(project => project.OrganisationId == row.Id && project.IsActive),
                Keys = db.ApiKeys.Count(key => key.OrganisationId == row.Id && key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now)),
            })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null)
            return Failure.NotFound("organisation");
        var organisation = found.Organisation;
        var usage = call.May(Permissions.UsageRead) ? await UsageAsync(db, organisation, now, cancellationToken) : null;
        var mayReadInvoices = call.May(Permissions.InvoicesRead);
        return new OrganisationOverview(
            organisation.Name, organisation.Status, organisation.IsActive,
            call.May(Permissions.ProjectsRead) ? new ProjectFigures(found.Projects, found.Keys) : null,
            usage is null ? null : usage with { Metrics = [.. usage.Metrics.Take(MostMetrics)], MoreMetrics = Math.Max(0, usage.Metrics.Count - MostMetrics) },
            mayReadInvoices ? await OwedAsync(db, organisationId, cancellationToken) : null,
            mayReadInvoices ? await LatestAsync(db, organisationId, cancellationToken) : null)
        {
            Plan = call.May(Permissions.SubscriptionsRead) ? await PlanAsync(db, organisation, now, cancellationToken) : null,
        };
    }

    private static async Task<PlanFigures?> PlanAsync(IBillingDb db, Organisation organisation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var running = await db.Subscriptions.AsNoTracking().Include(row => row.Phases)
            .Where(row => row.OrganisationId == organisation.Id && row.Status != SubscriptionStatus.Cancelled && row.Status != SubscriptionStatus.Expired)
            .OrderBy(row => row.StartsOn).FirstOrDefaultAsync(cancellationToken);
        if (running is null)
            return null;
        running.Roll(organisation.Calendar, organisation.Status != OrganisationStatus.Active, now);
        if (running.IsOver)
            return null;
        var today = Subscription.Today(organisation.Calendar, now);
        var phase = running.PhaseOn(today);
        return new PlanFigures(phase.PlanName, running.Status, phase.Fee, phase.Currency, phase.Cycle, running.PeriodOn(today < running.StartsOn ? running.StartsOn : today).To, running.EndsOn);
    }

    /// <summary>
    /// What the month that runs comes to; null when it is invoiced already. Needs <c>usage:read</c> and <c>invoices:read</c>. Asked for by itself:
    /// it rates the month as a billing run would, which the rest of the page does not wait for.
    /// </summary>
    public async Task<Result<MonthCost?>> CostAsync(CallContext call, Guid organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.UsageRead) || !call.May(Permissions.InvoicesRead))
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.Organisations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == organisationId, cancellationToken) is not { } organisation)
            return Failure.NotFound("organisation");
        var usage = await UsageAsync(db, organisation, now, cancellationToken);
        return await estimate.RunAsync(organisation, usage.Month, metric => Growth(usage, metric), cancellationToken);
    }

    // How much more of a metric the month will have seen at its end; null when nobody can tell.
    private static decimal? Growth(MonthUsage usage, (string MetricName, string Unit) metric) =>
        usage.Metrics.FirstOrDefault(sum => sum.MetricName == metric.MetricName && sum.Unit == metric.Unit) is { Total: > 0, Forecast: { } forecast } sum ? forecast / sum.Total : null;

    private async Task<MonthUsage> UsageAsync(IBillingDb db, Organisation organisation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var calendar = organisation.Calendar;
        var month = calendar.MonthOf(now);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, calendar.ZoneAt(now)).DateTime);
        var rules = await MetricRules.ReadAsync(db, cancellationToken);
        var days = await new UsageReader(db, measures, rules, organisation.Id, calendar).ByDayAsync(month.Previous, month, cancellationToken);
        // The days of a largest, latest or distinct value don't sum to the month's.
        var months = rules.NeedEvents(month.Previous, month) ? await measures.MonthsAsync(db, organisation.Id, month.Previous, month, cancellationToken) : [];
        var metrics = days.GroupBy(day => (day.MetricName, day.Unit))
            .Select(group => (Sum: Measured(Sum(group.Key, [.. group], month, today), rules, months, month), Events: group.Where(day => day.Day >= month.FirstDay).Sum(day => day.Events)))
            .OrderByDescending(metric => metric.Events).ThenBy(metric => metric.Sum.MetricName, StringComparer.Ordinal).ThenBy(metric => metric.Sum.Unit, StringComparer.Ordinal)
            .Select(metric => metric.Sum).ToList();
        return new MonthUsage(
            month, today,
            days.Where(day => day.Day >= month.FirstDay).Sum(day => day.Events),
            days.Where(day => day.Day < month.FirstDay && day.Day.Day <= today.Day).Sum(day => day.Events),
            metrics, MoreMetrics: 0);
    }

    // Such a value stands where it stands at the month's end, as far as anybody can tell.
    private static MetricSum Measured(MetricSum sum, MetricRules rules, IReadOnlyList<MeasuredMonth> months, BillingMonth month)
    {
        if (!rules.Of(sum.MetricName, sum.Unit, month).NeedsEvents)
            return sum;
        decimal Of(BillingMonth one) => months.FirstOrDefault(row => row.Month == one && row.MetricName == sum.MetricName && row.Unit == sum.Unit)?.Quantity ?? 0;
        var (now, before) = (Of(month), Of(month.Previous));
        return sum with { Total = now, TotalBefore = before, SameDaysBefore = before, Forecast = now };
    }

    private static MetricSum Sum((string MetricName, string Unit) metric, List<UsageDay> days, BillingMonth month, DateOnly today)
    {
        var sums = days.ToDictionary(day => day.Day, day => day.Quantity);
        return new MetricSum(
            metric.MetricName, metric.Unit,
            days.Where(day => day.Day >= month.FirstDay).Sum(day => day.Quantity),
            days.Where(day => day.Day < month.FirstDay && day.Day.Day <= today.Day).Sum(day => day.Quantity),
            days.Where(day => day.Day < month.FirstDay).Sum(day => day.Quantity),
            UsageForecast.Of(sums, month, today),
            [.. Enumerable.Range(0, today.DayNumber - month.FirstDay.DayNumber + 1).Select(day => sums.GetValueOrDefault(month.FirstDay.AddDays(day)))]);
    }

    private static async Task<OwedFigures> OwedAsync(IBillingDb db, Guid organisationId, CancellationToken cancellationToken)
    {
        var open = await db.Invoices
            .Where(invoice => invoice.OrganisationId == organisationId
                && (invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartiallyPaid || invoice.Status == InvoiceStatus.Overdue))
            .OrderBy(invoice => invoice.DueAt).ThenBy(invoice => invoice.Id)
            .Select(invoice => new { invoice.Id, invoice.Currency, invoice.Status, invoice.AmountDue, invoice.DueAt })
            .ToListAsync(cancellationToken);
        return new OwedFigures(
            [.. open.GroupBy(invoice => invoice.Currency, StringComparer.Ordinal).Select(group => new AmountByCurrency(group.Key, group.Sum(invoice => invoice.AmountDue), group.Count()))],
            open.Count(invoice => invoice.Status == InvoiceStatus.Overdue),
            open.FirstOrDefault()?.DueAt,
            open.FirstOrDefault()?.Id);
    }

    internal static async Task<IReadOnlyList<LatestInvoice>> LatestAsync(IBillingDb db, Guid organisationId, CancellationToken cancellationToken) =>
        await db.Invoices.AsNoTracking()
            .Where(invoice => invoice.OrganisationId == organisationId && invoice.Status != InvoiceStatus.Draft)
            .OrderByDescending(invoice => invoice.Id).Take(MostInvoices)
            .Select(invoice => new LatestInvoice(
                invoice.Id, invoice.Number!, invoice.Status, new BillingMonth(invoice.Year, invoice.Month), invoice.Currency, invoice.Locale, invoice.TimeZone,
                invoice.Total, invoice.AmountDue, invoice.DueAt))
            .ToListAsync(cancellationToken);
}
