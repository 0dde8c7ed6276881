using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Organisations;

namespace Portal.Core.Plans;

/// <summary>When a change or a cancellation takes effect.</summary>
public enum ChangeTiming
{
    /// <summary>Today: the unused days are given back, the remaining ones charged.</summary>
    Now,

    /// <summary>With the period that runs.</summary>
    PeriodEnd,
}

/// <summary>A line that a change would put on the next invoice, before tax.</summary>
/// <param name="Name">Of the plan.</param>
/// <param name="IsCredit">True: given back.</param>
/// <param name="Span">The days that it is for.</param>
/// <param name="PeriodDays">Days of the whole period.</param>
/// <param name="Amount">Negative where it is given back.</param>
public sealed record PreviewedLine(string Name, bool IsCredit, DaySpan Span, int PeriodDays, decimal Amount);

/// <summary>What a change would come to.</summary>
/// <param name="TakesEffectOn">In the organisation's zone.</param>
/// <param name="Currency">Of the lines.</param>
/// <param name="Lines">In order; each is a line of the next invoice.</param>
public sealed record SubscriptionPreview(DateOnly TakesEffectOn, string Currency, IReadOnlyList<PreviewedLine> Lines)
{
    public decimal Total => Lines.Sum(line => line.Amount);
}

/// <summary>
/// Puts a subscription on another plan, or says what that would come to. Staff, and the organisation's own people where both plans let them. Fails
/// with <c>not_found</c>, <c>invalid</c>, <c>subscription_over</c>, <c>same_plan</c>, <c>plan_archived</c>, <c>currency_mismatch</c>,
/// <c>too_many_users</c>, or <c>not_by_yourself</c>.
/// </summary>
public sealed class ChangeSubscription(IBillingStore store, TimeProvider clock)
{
    /// <summary>The lines that the change would make. Nothing is stored.</summary>
    public async Task<Result<SubscriptionPreview>> PreviewAsync(CallContext call, Guid id, Guid planId, ChangeTiming timing, CancellationToken cancellationToken)
    {
        if (SubscriptionAccess.Refuse(call) is { } refused)
            return refused;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var now = clock.GetUtcNow();
        if (await db.Subscriptions.AsNoTracking().Include(row => row.Phases).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } subscription)
            return Failure.NotFound("subscription");
        var organisation = await db.Organisations.AsNoTracking().SingleAsync(row => row.Id == subscription.OrganisationId, cancellationToken);
        var plan = await db.Plans.AsNoTracking().SingleOrDefaultAsync(row => row.Id == planId, cancellationToken);
        var (day, refusal) = await CheckAsync(db, call, organisation, subscription, plan, timing, now, cancellationToken);
        if (refusal is not null)
            return refusal;
        subscription.Change(plan!, day, organisation.Calendar, now);
        return new SubscriptionPreview(day, plan!.Currency, Lines(subscription, day, await SubscriptionAccess.BilledAsync(db, organisation.Id, cancellationToken)));
    }

    public async Task<Result<Subscription>> RunAsync(CallContext call, Guid id, Guid planId, ChangeTiming timing, CancellationToken cancellationToken)
    {
        if (SubscriptionAccess.Refuse(call) is { } refused)
            return refused;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var now = clock.GetUtcNow();
        if (await SubscriptionAccess.LockAsync(db, id, cancellationToken) is not var (organisation, subscription))
            return Failure.NotFound("subscription");
        var plan = await db.Plans.AsNoTracking().SingleOrDefaultAsync(row => row.Id == planId, cancellationToken);
        var (day, refusal) = await CheckAsync(db, call, organisation, subscription, plan, timing, now, cancellationToken);
        if (refusal is not null)
            return refusal;
        var before = SubscriptionAccess.Written(subscription);
        db.SubscriptionPhases.Add(subscription.Change(plan!, day, organisation.Calendar, now));
        db.Audit(call, new AuditRecord("subscription.changed", "subscription", id, organisation.Id, before, SubscriptionAccess.Written(subscription)), now);
        await db.CommitAsync(cancellationToken);
        return subscription;
    }

    /// <summary>What is due from a day on, as it stands on the next invoices.</summary>
    internal static List<PreviewedLine> Lines(Subscription subscription, DateOnly day, IReadOnlyDictionary<string, BilledCharge> billed) =>
        [.. subscription.Phases.OrderBy(phase => phase.StartsOn)
            .SelectMany(phase => RecurringCharges.Due(phase.Terms, day, billed), (phase, due) => (phase, due))
            .Where(pair => pair.due.Charge.Span.From >= day)
            .OrderBy(pair => pair.due.Amount > 0)
            .Select(pair => new PreviewedLine(pair.phase.PlanName, pair.due.Amount < 0, pair.due.Charge.Span, pair.due.Charge.Period.Days, pair.due.Amount))];

    private static async Task<(DateOnly Day, Failure? Refusal)> CheckAsync(
        IBillingDb db, CallContext call, Organisation organisation, Subscription subscription, Plan? plan, ChangeTiming timing, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = Subscription.Today(organisation.Calendar, now);
        subscription.Roll(organisation.Calendar, organisation.Status != OrganisationStatus.Active, now);
        if (subscription.IsOver)
            return (today, Failure.Conflict("subscription_over", "The subscription has ended. Start a new one."));
        if (plan is null)
            return (today, Failure.Invalid("planId", "Plan not found."));
        var first = today < subscription.StartsOn ? subscription.StartsOn : today;
        var day = timing == ChangeTiming.Now ? first : subscription.PeriodOn(first).To;
        if (subscription.EndsOn <= day)
            return (day, Failure.Conflict("subscription_over", "The subscription ends before the change would take effect. Resume it first."));
        if (subscription.PhaseOn(day).PlanId == plan.Id)
            return (day, Failure.Conflict("same_plan", "It is already on this plan."));
        if (!plan.IsActive)
            return (day, Failure.Conflict("plan_archived", "The plan is archived and can't be subscribed to."));
        if (plan.Currency != organisation.Currency)
            return (day, Failure.Conflict("currency_mismatch", $"The plan is in {plan.Currency} but the organisation's invoices are in {organisation.Currency}."));
        if (call.OrganisationId is not null
            && (!plan.CustomersMayChange || !await db.Plans.AnyAsync(row => row.Id == subscription.PlanId && row.CustomersMayChange, cancellationToken)))
            return (day, new Failure(FailureKind.Forbidden, "not_by_yourself", "Contact support to make this change."));
        if (plan.MaxUsers is { } most && await Seats.TakenAsync(db, organisation.Id, now, withInvitations: false, cancellationToken) is var taken && taken > most)
            return (day, Failure.Conflict("too_many_users", $"The plan has {most} seats but the organisation has {taken} people."));
        return (day, null);
    }
}

/// <summary>
/// Calls a subscription off, takes that back, and puts the end of a trial off. Fails with <c>not_found</c>, <c>subscription_over</c>,
/// <c>already_cancelled</c>, <c>not_cancelled</c>, <c>not_by_yourself</c>, or <c>invalid</c> by field.
/// </summary>
public sealed class CancelSubscription(IBillingStore store, TimeProvider clock)
{
    private const int MaxReason = 500;

    /// <summary>Now, with what is unused given back, or with the period that runs. Staff, and the organisation's own people where the plan lets them.</summary>
    public async Task<Result<Subscription>> RunAsync(CallContext call, Guid id, ChangeTiming timing, string? reason, CancellationToken cancellationToken)
    {
        if (SubscriptionAccess.Refuse(call) is { } refused)
            return refused;
        if (reason?.Trim().Length > MaxReason)
            return Failure.Invalid("reason", $"At most {MaxReason} characters.");
        return await DoAsync(call, id, "subscription.cancelled", (db, organisation, subscription, today, now) =>
            CancelAsync(db, call, organisation, subscription, timing, reason, today, now, cancellationToken), cancellationToken);
    }

    /// <summary>What calling it off would put on the next invoice. Nothing is stored.</summary>
    public async Task<Result<SubscriptionPreview>> PreviewAsync(CallContext call, Guid id, ChangeTiming timing, CancellationToken cancellationToken)
    {
        if (SubscriptionAccess.Refuse(call) is { } refused)
            return refused;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var now = clock.GetUtcNow();
        if (await db.Subscriptions.AsNoTracking().Include(row => row.Phases).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } subscription)
            return Failure.NotFound("subscription");
        var organisation = await db.Organisations.AsNoTracking().SingleAsync(row => row.Id == subscription.OrganisationId, cancellationToken);
        subscription.Roll(organisation.Calendar, organisation.Status != OrganisationStatus.Active, now);
        var today = Subscription.Today(organisation.Calendar, now);
        if (await CancelAsync(db, call, organisation, subscription, timing, null, today, now, cancellationToken) is { } refusal)
            return refusal;
        var day = subscription.EndsOn!.Value;
        var currency = subscription.PhaseOn(today).Currency;
        return new SubscriptionPreview(day, currency, [.. ChangeSubscription.Lines(subscription, day, await SubscriptionAccess.BilledAsync(db, organisation.Id, cancellationToken)).Where(line => line.IsCredit)]);
    }

    /// <summary>Takes a cancellation back while the last period still runs. Who may cancel may do that.</summary>
    public async Task<Result<Subscription>> ResumeAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        if (SubscriptionAccess.Refuse(call) is { } refused)
            return refused;
        return await DoAsync(call, id, "subscription.resumed", async (db, organisation, subscription, today, now) =>
        {
            if (subscription.IsOver)
                return Failure.Conflict("subscription_over", "The subscription has ended. Start a new one.");
            if (!subscription.CancelAtPeriodEnd)
                return Failure.Conflict("not_cancelled", "The subscription is not cancelled.");
            if (call.OrganisationId is not null && !await db.Plans.AnyAsync(plan => plan.Id == subscription.PlanId && plan.CustomersMayCancel, cancellationToken))
                return new Failure(FailureKind.Forbidden, "not_by_yourself", "Contact support to resume this plan.");
            subscription.Resume(today, organisation.Calendar, now);
            return null;
        }, cancellationToken);
    }

    /// <summary>Puts the end of a trial that runs off to a later day. Staff only.</summary>
    public async Task<Result<Subscription>> ExtendTrialAsync(CallContext call, Guid id, DateOnly trialEndsOn, CancellationToken cancellationToken)
    {
        if (SubscriptionAccess.Refuse(call) is { } refused)
            return refused;
        if (call.OrganisationId is not null)
            return Failure.Forbidden();
        return await DoAsync(call, id, "subscription.trial_extended", (_, organisation, subscription, today, now) =>
        {
            Failure? refusal = null;
            if (subscription.IsOver || subscription.TrialEndsOn is not { } trialEnd || trialEnd <= today)
                refusal = Failure.Conflict("no_trial", "There is no active trial.");
            else if (trialEndsOn <= trialEnd || trialEndsOn > subscription.StartsOn.AddDays(730))
                refusal = Failure.Invalid("trialEndsOn", "Enter a date after the trial's current end, within two years of its first day.");
            else if (subscription.EndsOn <= trialEndsOn)
                refusal = Failure.Conflict("subscription_over", "The subscription ends before that. Resume it first.");
            else
                subscription.ExtendTrial(trialEndsOn, today, organisation.Calendar, now);
            return Task.FromResult(refusal);
        }, cancellationToken);
    }

    private static async Task<Failure?> CancelAsync(
        IBillingDb db, CallContext call, Organisation organisation, Subscription subscription, ChangeTiming timing, string? reason, DateOnly today, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (subscription.IsOver)
            return Failure.Conflict("subscription_over", "The subscription has ended.");
        if (subscription.CancelAtPeriodEnd && timing == ChangeTiming.PeriodEnd)
            return Failure.Conflict("already_cancelled", "The subscription is already cancelled.");
        if (call.OrganisationId is not null && !await db.Plans.AnyAsync(plan => plan.Id == subscription.PlanId && plan.CustomersMayCancel, cancellationToken))
            return new Failure(FailureKind.Forbidden, "not_by_yourself", "Contact support to cancel this plan.");
        if (subscription.CancelAtPeriodEnd)
            subscription.Resume(today, organisation.Calendar, now);
        var first = today < subscription.StartsOn ? subscription.StartsOn : today;
        var day = timing == ChangeTiming.Now ? first : subscription.PeriodOn(first).To;
        if (subscription.EndsOn < day)
            day = subscription.EndsOn.Value;
        subscription.Cancel(day, timing == ChangeTiming.PeriodEnd, string.IsNullOrWhiteSpace(reason) ? null : reason.Trim(), organisation.Calendar, now);
        return null;
    }

    private async Task<Result<Subscription>> DoAsync(
        CallContext call, Guid id, string action, Func<IBillingDb, Organisation, Subscription, DateOnly, DateTimeOffset, Task<Failure?>> change, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var now = clock.GetUtcNow();
        if (await SubscriptionAccess.LockAsync(db, id, cancellationToken) is not var (organisation, subscription))
            return Failure.NotFound("subscription");
        var before = SubscriptionAccess.Written(subscription);
        subscription.Roll(organisation.Calendar, organisation.Status != OrganisationStatus.Active, now);
        if (await change(db, organisation, subscription, Subscription.Today(organisation.Calendar, now), now) is { } refusal)
            return refusal;
        db.Audit(call, new AuditRecord(action, "subscription", id, organisation.Id, before, SubscriptionAccess.Written(subscription)), now);
        await db.CommitAsync(cancellationToken);
        return subscription;
    }
}
