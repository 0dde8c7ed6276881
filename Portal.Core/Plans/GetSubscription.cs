using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Pricing;

namespace Portal.Core.Plans;

/// <summary>A fee, or unused days, that no invoice has yet.</summary>
/// <param name="Name">Of the plan or service.</param>
/// <param name="IsService">False: a plan's.</param>
/// <param name="IsCredit">True: given back.</param>
/// <param name="Span">The days that it is for.</param>
/// <param name="PeriodDays">Days of the whole period.</param>
/// <param name="Amount">Before discounts and tax; negative where it is given back.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record UpcomingFee(string Name, bool IsService, bool IsCredit, DaySpan Span, int PeriodDays, decimal Amount, string Currency);

/// <summary>What a price gives away each month, and what of it is used.</summary>
/// <param name="MetricName">The metric.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Included">Units without charge, above 0.</param>
/// <param name="Used">Of the month so far; may be more than is included.</param>
public sealed record Allowance(string MetricName, string Unit, decimal Included, decimal Used);

/// <summary>How an organisation is subscribed today.</summary>
public sealed record SubscriptionView
{
    public required Guid OrganisationId { get; init; }

    /// <summary>ISO 4217: the organisation's.</summary>
    public required string Currency { get; init; }

    /// <summary>In the organisation's zone.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>The month that runs.</summary>
    public required BillingMonth Month { get; init; }

    /// <summary>The one that runs or is to begin, as it stands today; null when there is none.</summary>
    public Subscription? Current { get; init; }

    /// <summary>Its plan as it is sold now.</summary>
    public Plan? Plan { get; init; }

    /// <summary>Its phase of today: what is paid.</summary>
    public SubscriptionPhase? Phase { get; init; }

    /// <summary>A change of plan that is to come.</summary>
    public SubscriptionPhase? Next { get; init; }

    /// <summary>The period of today.</summary>
    public DaySpan? Period { get; init; }

    /// <summary>Phases of this subscription and of those before it that came into force or will, the latest first.</summary>
    public IReadOnlyList<SubscriptionPhase> History { get; init; } = [];

    /// <summary>Subscriptions by the ids that phases name.</summary>
    public IReadOnlyDictionary<Guid, Subscription> Subscriptions { get; init; } = new Dictionary<Guid, Subscription>();

    /// <summary>Those that are not cancelled, by name.</summary>
    public IReadOnlyList<Service> Services { get; init; } = [];

    /// <summary>What waits for the next invoice, and the next fee of each plan and service; in order of days.</summary>
    public IReadOnlyList<UpcomingFee> Upcoming { get; init; } = [];

    /// <summary>By metric; empty for who may not read usage.</summary>
    public IReadOnlyList<Allowance> Allowances { get; init; } = [];

    /// <summary>People of the organisation, and those invited.</summary>
    public int Seats { get; init; }
}

/// <summary>Reads how an organisation is subscribed: plan, period, services, fees to come, seats, and this month's allowances. Needs <c>subscriptions:read</c>.</summary>
public sealed class GetSubscription(IBillingStore store, IUsageMeasures measures, TimeProvider clock)
{
    /// <summary>Fails with <c>not_found</c>. Without a subscription the answer says so, and has the services.</summary>
    public async Task<Result<SubscriptionView>> RunAsync(CallContext call, Guid organisationId, CancellationToken cancellationToken)
    {
        if (SubscriptionAccess.Refuse(call, Permissions.SubscriptionsRead) is { } refused)
            return refused;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var now = clock.GetUtcNow();
        var invited = Seats.Invited(db, now);
        var found = await db.Organisations.AsNoTracking().Where(row => row.Id == organisationId)
            .Select(row => new
            {
                Organisation = row,
                Members = db.RoleAssignments.Count(held => held.OrganisationId == row.Id),
                Invited = invited.Count(invitation => invitation.OrganisationId == row.Id),
            })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null)
            return Failure.NotFound("organisation");
        var (organisation, calendar) = (found.Organisation, found.Organisation.Calendar);
        var (today, month) = (Subscription.Today(calendar, now), calendar.MonthOf(now));
        var subscriptions = await db.Subscriptions.AsNoTracking().Include(row => row.Phases).Where(row => row.OrganisationId == organisationId).ToListAsync(cancellationToken);
        foreach (var subscription in subscriptions)
            subscription.Roll(calendar, organisation.Status != OrganisationStatus.Active, now);
        var services = await db.Services.AsNoTracking().Include(row => row.Phases).Where(row => row.OrganisationId == organisationId).OrderBy(row => row.Name).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        var recurring = new RecurringInput(subscriptions, services, await SubscriptionAccess.BilledAsync(db, organisationId, cancellationToken));
        var current = subscriptions.Where(subscription => !subscription.IsOver).MinBy(subscription => subscription.StartsOn);
        var phase = current?.PhaseOn(today);
        return new SubscriptionView
        {
            OrganisationId = organisationId,
            Currency = organisation.Currency,
            Today = today,
            Month = month,
            Current = current,
            Plan = current is null ? null : await db.Plans.AsNoTracking().SingleAsync(plan => plan.Id == phase!.PlanId, cancellationToken),
            Phase = phase,
            Next = current?.Phases.Where(one => one.StartsOn > today && one.StartsOn != one.EndsOn && one.Id != phase!.Id).MinBy(one => one.StartsOn),
            Period = current?.PeriodOn(today < current.StartsOn ? current.StartsOn : today),
            History = [.. subscriptions.SelectMany(subscription => subscription.Phases).Where(one => one.StartsOn != one.EndsOn).OrderByDescending(one => one.StartsOn).ThenByDescending(one => one.Id)],
            Subscriptions = subscriptions.ToDictionary(subscription => subscription.Id),
            Services = [.. services.Where(service => service.Status != ServiceStatus.Cancelled)],
            Upcoming = Upcoming(recurring, today),
            Allowances = call.May(Permissions.UsageRead) ? await AllowancesAsync(db, organisationId, recurring.PlanOf(month), month, cancellationToken) : [],
            Seats = found.Members + found.Invited,
        };
    }

    private static List<UpcomingFee> Upcoming(RecurringInput recurring, DateOnly today) =>
    [
        .. recurring.Fees
            .SelectMany(fee => RecurringCharges.Due(fee.Terms, NextStart(fee.Terms, today), recurring.Billed), (fee, due) => new UpcomingFee(
                fee.Name, fee.IsService, due.Amount < 0, due.Charge.Span, due.Charge.Period.Days, due.Amount, fee.Terms.Currency.Code))
            .OrderBy(fee => fee.Span.From).ThenBy(fee => fee.IsService).ThenBy(fee => fee.IsCredit),
    ];

    // The next period's first day: what begins then is the fee that comes next.
    private static DateOnly NextStart(RecurringTerms terms, DateOnly today) => terms.From > today
        ? terms.From
        : terms.To is { } over && over <= today ? over : BillingPeriods.At(terms.Anchor, terms.Cycle, BillingPeriods.IndexOf(terms.Anchor, terms.Cycle, today) + 1).From;

    private async Task<List<Allowance>> AllowancesAsync(IBillingDb db, Guid organisationId, Guid? planId, BillingMonth month, CancellationToken cancellationToken)
    {
        var first = month.FirstDay;
        var prices = await db.Prices.AsNoTracking().Include(price => price.Tiers)
            .Where(price => (price.OrganisationId == null || price.OrganisationId == organisationId) && (price.PlanId == null || price.PlanId == planId)
                && price.EffectiveFrom <= first && (price.EffectiveTo == null || price.EffectiveTo > first))
            .ToListAsync(cancellationToken);
        var book = new PriceBook(prices);
        var included = prices.Select(price => (price.MetricName, price.Unit)).Distinct()
            .Select(metric => (metric, Free: book.InForce(metric.MetricName, metric.Unit, organisationId, planId, first) is { Terms: var terms } ? terms.Included + (terms.Package?.Free ?? 0) + (terms.Percentage?.FreeAmount ?? 0) : 0))
            .Where(row => row.Free > 0).ToList();
        if (included.Count == 0)
            return [];
        var used = (await measures.MonthsAsync(db, organisationId, month, month, cancellationToken)).ToDictionary(row => (row.MetricName, row.Unit), row => row.Quantity);
        return [.. included.OrderBy(row => row.metric.MetricName, StringComparer.Ordinal).Select(row => new Allowance(row.metric.MetricName, row.metric.Unit, row.Free, used.GetValueOrDefault(row.metric)))];
    }
}
