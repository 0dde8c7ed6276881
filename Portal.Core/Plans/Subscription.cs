using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.Plans;

/// <summary>Where a subscription stands; stored as text.</summary>
public enum SubscriptionStatus
{
    Trialing,
    Active,

    /// <summary>The organisation owes for something that is past due; everything else goes on.</summary>
    PastDue,

    /// <summary>Called off, and over.</summary>
    Cancelled,

    /// <summary>Its term, fixed when it began, ran out.</summary>
    Expired,
}

/// <summary>
/// An organisation's subscription to plans, one after the other: its phases. Days are those of the organisation's zone, half-open. No two of one
/// organisation are in force on one day; the database refuses it.
/// </summary>
public sealed class Subscription : IOrganisationOwned
{
    private readonly List<SubscriptionPhase> _phases = [];

    private Subscription() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>The plan of the phase that runs.</summary>
    public Guid PlanId { get; private set; }

    public SubscriptionStatus Status { get; private set; }

    /// <summary>First day in force.</summary>
    public DateOnly StartsOn { get; private set; }

    /// <summary>First day no longer in force; null while open.</summary>
    public DateOnly? EndsOn { get; private set; }

    /// <summary>The end that was fixed when it began; null without a term.</summary>
    public DateOnly? TermEndsOn { get; private set; }

    /// <summary>The first day that is paid for, when it began with a trial.</summary>
    public DateOnly? TrialEndsOn { get; private set; }

    /// <summary>IANA zone that the organisation had when it began.</summary>
    public string TimeZone { get; private set; } = "";

    /// <summary>The period that runs, or the last one.</summary>
    public DateTimeOffset? CurrentPeriodStart { get; private set; }

    /// <inheritdoc cref="CurrentPeriodStart" />
    public DateTimeOffset? CurrentPeriodEnd { get; private set; }

    public DateTimeOffset? TrialStart { get; private set; }

    public DateTimeOffset? TrialEnd { get; private set; }

    /// <summary>True: it ends with the period that runs.</summary>
    public bool CancelAtPeriodEnd { get; private set; }

    /// <summary>When somebody called it off.</summary>
    public DateTimeOffset? CancelledAt { get; private set; }

    public string? CancelReason { get; private set; }

    /// <summary>The payment provider's id, where it has one.</summary>
    public string? ProviderSubscriptionId { get; private set; }

    /// <inheritdoc cref="ProviderSubscriptionId" />
    public string? ProviderCustomerId { get; private set; }

    /// <summary>A JSON object of whatever the seller keeps with it.</summary>
    public string? Metadata { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>In no order.</summary>
    public IReadOnlyList<SubscriptionPhase> Phases => _phases;

    public bool IsOver => Status is SubscriptionStatus.Cancelled or SubscriptionStatus.Expired;

    /// <summary>A subscription from a day on.</summary>
    /// <param name="organisationId">Whose.</param>
    /// <param name="calendar">Its calendar.</param>
    /// <param name="plan">What.</param>
    /// <param name="start">When, and with how long a trial.</param>
    /// <param name="now">The instant.</param>
    public static Subscription Start(Guid organisationId, BillingCalendar calendar, Plan plan, SubscriptionStart start, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(start);
        var begins = calendar.Day(start.StartsOn).Start;
        var subscription = new Subscription
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = organisationId,
            PlanId = plan.Id,
            StartsOn = start.StartsOn,
            EndsOn = start.EndsOn,
            TermEndsOn = start.EndsOn,
            TrialEndsOn = start.TrialDays > 0 ? start.StartsOn.AddDays(start.TrialDays) : null,
            TimeZone = calendar.ZoneAt(begins).Id,
            Metadata = start.Metadata,
            ProviderSubscriptionId = start.ProviderSubscriptionId,
            ProviderCustomerId = start.ProviderCustomerId,
            CreatedAt = now,
        };
        subscription._phases.Add(SubscriptionPhase.Of(subscription, plan, start.StartsOn, start.EndsOn, subscription.TrialEndsOn ?? start.StartsOn, now));
        subscription.Roll(calendar, isPastDue: false, now);
        return subscription;
    }

    /// <summary>What a phase would have been in one calendar month, were it of that month alone: with a month's fee, and its plan's prices. Never stored.</summary>
    internal static Subscription Replay(SubscriptionPhase phase, decimal monthlyFee, decimal? minimumCommitment, BillingMonth month)
    {
        var subscription = new Subscription { Id = phase.SubscriptionId, OrganisationId = phase.OrganisationId, PlanId = phase.PlanId, StartsOn = month.FirstDay, EndsOn = month.Next.FirstDay };
        subscription._phases.Add(SubscriptionPhase.Replay(phase, monthlyFee, minimumCommitment, month));
        return subscription;
    }

    /// <summary>The phase in force on a day; before the first one the first, after the last one the last.</summary>
    public SubscriptionPhase PhaseOn(DateOnly day)
    {
        var ordered = _phases.Where(phase => phase.StartsOn != phase.EndsOn).OrderBy(phase => phase.StartsOn).ToList();
        return ordered.LastOrDefault(phase => phase.StartsOn <= day) ?? ordered.FirstOrDefault() ?? _phases.MinBy(phase => phase.StartsOn)!;
    }

    /// <summary>The period of the fee that holds a day; while it is tried out, the trial.</summary>
    public DaySpan PeriodOn(DateOnly day)
    {
        if (TrialEndsOn is { } trialEnd && day < trialEnd)
            return new DaySpan(StartsOn, trialEnd);
        var phase = PhaseOn(day);
        return BillingPeriods.At(phase.AnchorOn, phase.Cycle, BillingPeriods.IndexOf(phase.AnchorOn, phase.Cycle, day < phase.AnchorOn ? phase.AnchorOn : day));
    }

    /// <summary>
    /// Another plan from a day on: today, or the first day of the next period. A change that was still to come gives way. The anchor stays where the
    /// interval does; else the new plan's periods begin on that day.
    /// </summary>
    public SubscriptionPhase Change(Plan plan, DateOnly day, BillingCalendar calendar, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (IsOver || EndsOn <= day)
            throw new IllegalTransitionException("The subscription is over by then.");
        DropAfter(day, now);
        var running = PhaseOn(day);
        var anchor = TrialEndsOn is { } trialEnd && day < trialEnd ? trialEnd : running.Cycle == plan.Cycle ? running.AnchorOn : day;
        running.End(day, now);
        var phase = SubscriptionPhase.Of(this, plan, day, EndsOn, anchor, now);
        _phases.Add(phase);
        Roll(calendar, Status == SubscriptionStatus.PastDue, now);
        return phase;
    }

    /// <summary>Ends it: on a day that has come, with what is unused given back, or with the period that runs.</summary>
    public void Cancel(DateOnly endsOn, bool atPeriodEnd, string? reason, BillingCalendar calendar, DateTimeOffset now)
    {
        if (IsOver || CancelAtPeriodEnd)
            throw new IllegalTransitionException("The subscription is already cancelled.");
        if (endsOn < StartsOn || EndsOn < endsOn)
            throw new IllegalTransitionException("The subscription does not run on that day.");
        DropAfter(endsOn, now);
        foreach (var phase in _phases.Where(phase => phase.EndsOn is null || phase.EndsOn > endsOn))
            phase.End(endsOn, now);
        (EndsOn, CancelAtPeriodEnd, CancelledAt, CancelReason) = (endsOn, atPeriodEnd, now, reason);
        Roll(calendar, Status == SubscriptionStatus.PastDue, now);
    }

    /// <summary>Takes a cancellation back that has not come into force.</summary>
    public void Resume(DateOnly today, BillingCalendar calendar, DateTimeOffset now)
    {
        if (IsOver || !CancelAtPeriodEnd || EndsOn <= today)
            throw new IllegalTransitionException("There is no cancellation to take back.");
        PhaseOn(today).ReopenUntil(TermEndsOn, now);
        (EndsOn, CancelAtPeriodEnd, CancelledAt, CancelReason) = (TermEndsOn, false, null, null);
        Roll(calendar, Status == SubscriptionStatus.PastDue, now);
    }

    /// <summary>Puts the end of the trial off. What is charged is counted from there: nothing is lost, and nothing comes twice.</summary>
    public void ExtendTrial(DateOnly trialEndsOn, DateOnly today, BillingCalendar calendar, DateTimeOffset now)
    {
        if (IsOver || TrialEndsOn is not { } trialEnd || trialEnd <= today || trialEndsOn <= trialEnd || EndsOn <= trialEndsOn)
            throw new IllegalTransitionException("Only a trial that runs can be put off, to a later day within the subscription.");
        TrialEndsOn = trialEndsOn;
        foreach (var phase in _phases)
            phase.MoveTrial(trialEnd, trialEndsOn, now);
        Roll(calendar, Status == SubscriptionStatus.PastDue, now);
    }

    /// <summary>Has status and period follow the time. True when something changed.</summary>
    public bool Roll(BillingCalendar calendar, bool isPastDue, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        var before = (Status, PlanId, CurrentPeriodStart, CurrentPeriodEnd, TrialStart, TrialEnd);
        var today = Today(calendar, now);
        var period = PeriodOn(EndsOn is { } end && end <= today ? end.AddDays(-1) : today < StartsOn ? StartsOn : today).Instants(calendar);
        Status = EndsOn is { } over && over <= today ? (CancelledAt is null ? SubscriptionStatus.Expired : SubscriptionStatus.Cancelled)
            : TrialEndsOn is { } trialEnd && today < trialEnd ? SubscriptionStatus.Trialing
            : isPastDue ? SubscriptionStatus.PastDue : SubscriptionStatus.Active;
        PlanId = PhaseOn(today).PlanId;
        (CurrentPeriodStart, CurrentPeriodEnd) = (period.Start, period.End);
        if (TrialEndsOn is { } tried)
            (TrialStart, TrialEnd) = (calendar.Day(StartsOn).Start, calendar.Day(tried).Start);
        if (before == (Status, PlanId, CurrentPeriodStart, CurrentPeriodEnd, TrialStart, TrialEnd))
            return false;
        UpdatedAt = now;
        return true;
    }

    /// <summary>The day of an instant in an organisation's zone.</summary>
    public static DateOnly Today(BillingCalendar calendar, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, calendar.ZoneAt(now)).DateTime);
    }

    // Phases that have not begun by the day are as if they had never been asked for.
    private void DropAfter(DateOnly day, DateTimeOffset now)
    {
        var dropped = _phases.Where(phase => phase.StartsOn > day || (phase.StartsOn == day && _phases.Exists(other => other.StartsOn < day && other.EndsOn == day))).ToList();
        foreach (var phase in dropped)
            phase.Void(now);
        if (dropped.Count > 0)
            PhaseOn(day).ReopenUntil(EndsOn, now);
    }
}

/// <summary>How a subscription begins.</summary>
/// <param name="StartsOn">First day, in the organisation's zone.</param>
/// <param name="TrialDays">Days before the first fee; 0 for none.</param>
/// <param name="EndsOn">First day no longer in force, where its term is fixed.</param>
public sealed record SubscriptionStart(DateOnly StartsOn, int TrialDays = 0, DateOnly? EndsOn = null)
{
    /// <summary>A JSON object.</summary>
    public string? Metadata { get; init; }

    public string? ProviderSubscriptionId { get; init; }

    public string? ProviderCustomerId { get; init; }
}

/// <summary>A subscription's time on one plan, with the plan's fee as it was when it began.</summary>
public sealed class SubscriptionPhase : IOrganisationOwned
{
    private SubscriptionPhase() { }

    public Guid Id { get; private set; }

    public Guid SubscriptionId { get; private set; }

    public Guid OrganisationId { get; private set; }

    public Guid PlanId { get; private set; }

    /// <summary>As printed on invoices.</summary>
    public string PlanName { get; private set; } = "";

    /// <summary>Of a whole period.</summary>
    public decimal Fee { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    public BillingInterval Interval { get; private set; }

    public int IntervalCount { get; private set; }

    /// <summary>See <see cref="Plan.MinimumCommitment"/>.</summary>
    public decimal? MinimumCommitment { get; private set; }

    public string? HsnSac { get; private set; }

    /// <summary>Where its periods are counted from: the first day that is paid for.</summary>
    public DateOnly AnchorOn { get; private set; }

    /// <summary>First day in force.</summary>
    public DateOnly StartsOn { get; private set; }

    /// <summary>First day no longer in force; the same as <see cref="StartsOn"/> for one that gave way before it began.</summary>
    public DateOnly? EndsOn { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public BillingCycle Cycle => new(Interval, IntervalCount);

    /// <summary>First day that is charged.</summary>
    public DateOnly ChargedFrom => AnchorOn > StartsOn ? AnchorOn : StartsOn;

    /// <summary>What the fee comes to, for <see cref="RecurringCharges"/>.</summary>
    public RecurringTerms Terms => new()
    {
        PhaseId = Id,
        From = ChargedFrom,
        To = EndsOn,
        Anchor = AnchorOn,
        Cycle = Cycle,
        Fee = Fee,
        Currency = Currencies.Currency.Of(Currency),
    };

    internal static SubscriptionPhase Of(Subscription subscription, Plan plan, DateOnly startsOn, DateOnly? endsOn, DateOnly anchorOn, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        SubscriptionId = subscription.Id,
        OrganisationId = subscription.OrganisationId,
        PlanId = plan.Id,
        PlanName = plan.Name,
        Fee = plan.PriceAmount,
        Currency = plan.Currency,
        Interval = plan.Interval,
        IntervalCount = plan.IntervalCount,
        MinimumCommitment = plan.MinimumCommitment,
        HsnSac = plan.HsnSac,
        AnchorOn = anchorOn,
        StartsOn = startsOn,
        EndsOn = endsOn,
        CreatedAt = now,
        UpdatedAt = now,
    };

    internal static SubscriptionPhase Replay(SubscriptionPhase phase, decimal monthlyFee, decimal? minimumCommitment, BillingMonth month) => new()
    {
        Id = phase.Id,
        SubscriptionId = phase.SubscriptionId,
        OrganisationId = phase.OrganisationId,
        PlanId = phase.PlanId,
        PlanName = phase.PlanName,
        Fee = monthlyFee,
        Currency = phase.Currency,
        Interval = BillingInterval.Month,
        IntervalCount = 1,
        MinimumCommitment = minimumCommitment,
        HsnSac = phase.HsnSac,
        AnchorOn = month.FirstDay,
        StartsOn = month.FirstDay,
        EndsOn = month.Next.FirstDay,
    };

    internal void End(DateOnly day, DateTimeOffset now) => (EndsOn, UpdatedAt) = (day < StartsOn ? StartsOn : day, now);

    internal void Void(DateTimeOffset now) => End(StartsOn, now);

    internal void ReopenUntil(DateOnly? day, DateTimeOffset now) => (EndsOn, UpdatedAt) = (day, now);

    // What hung on the trial's end goes with it: the anchor, and a change of plan that waits for it.
    internal void MoveTrial(DateOnly from, DateOnly to, DateTimeOffset now)
    {
        var isVoid = StartsOn == EndsOn;
        (AnchorOn, UpdatedAt) = (to, now);
        if (isVoid)
            return;
        if (StartsOn == from)
            StartsOn = to;
        if (EndsOn == from)
            EndsOn = to;
    }
}
