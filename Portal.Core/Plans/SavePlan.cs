using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Plans;

/// <summary>Makes plans, changes what is sold under them from now on, archives them. Staff only; needs <c>plans:write</c>.</summary>
public sealed class SavePlan(IBillingStore store, TimeProvider clock)
{
    /// <summary>Fails with <c>invalid</c> by field, or <c>code_taken</c>.</summary>
    public async Task<Result<Plan>> CreateAsync(CallContext call, PlanInput input, CancellationToken cancellationToken)
    {
        if (Refuse(call) is { } refused)
            return refused;
        if (PlanValidation.Check(input, out var failures) is not { } terms)
            return failures;
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var plan = Plan.Create(terms, now);
        db.Plans.Add(plan);
        db.Audit(call, new AuditRecord("plan.created", "plan", plan.Id, null, After: terms), now);
        return await CommitAsync(db, plan, cancellationToken);
    }

    /// <summary>
    /// Subscriptions that run keep their fee. Fails with <c>not_found</c>, <c>invalid</c> by field, <c>code_taken</c>, or <c>currency_fixed</c>
    /// once somebody has subscribed to it.
    /// </summary>
    public async Task<Result<Plan>> ChangeAsync(CallContext call, Guid id, PlanInput input, CancellationToken cancellationToken)
    {
        if (Refuse(call) is { } refused)
            return refused;
        if (PlanValidation.Check(input, out var failures) is not { } terms)
            return failures;
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Plan>(id, cancellationToken) is not { } plan)
            return Failure.NotFound("plan");
        if (plan.Currency != terms.Currency && await db.SubscriptionPhases.AnyAsync(phase => phase.PlanId == id, cancellationToken))
            return Failure.Conflict("currency_fixed", "This plan has subscribers in its currency. Create another plan instead.");
        var before = new { plan.Code, plan.Name, plan.PriceAmount, plan.Currency, plan.Interval, plan.IntervalCount, plan.TrialPeriodDays, plan.IncludedCredits, plan.MaxUsers, plan.MinimumCommitment, plan.CustomersMayChange, plan.CustomersMayCancel };
        plan.Change(terms, now);
        db.Audit(call, new AuditRecord("plan.changed", "plan", plan.Id, null, before, terms), now);
        return await CommitAsync(db, plan, cancellationToken);
    }

    /// <summary>Archives it, or puts it on sale again. Fails with <c>not_found</c>, <c>already_archived</c> or <c>already_active</c>.</summary>
    public async Task<Result<Plan>> SetActiveAsync(CallContext call, Guid id, bool isActive, CancellationToken cancellationToken)
    {
        if (Refuse(call) is { } refused)
            return refused;
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Plan>(id, cancellationToken) is not { } plan)
            return Failure.NotFound("plan");
        if (plan.IsActive == isActive)
            return isActive ? Failure.Conflict("already_active", "The plan is already active.") : Failure.Conflict("already_archived", "The plan is already archived.");
        plan.SetActive(isActive, now);
        db.Audit(call, new AuditRecord(isActive ? "plan.restored" : "plan.archived", "plan", plan.Id, null, new { IsActive = !isActive }, new { plan.IsActive }), now);
        await db.CommitAsync(cancellationToken);
        return plan;
    }

    private static async Task<Result<Plan>> CommitAsync(IBillingDb db, Plan plan, CancellationToken cancellationToken)
    {
        try
        {
            await db.CommitAsync(cancellationToken);
            return plan;
        }
        catch (UniqueViolationException)
        {
            return new Failure(FailureKind.Conflict, "code_taken", "Another plan has this code or name.", "code");
        }
    }

    private static Failure? Refuse(CallContext call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.May(Permissions.PlansWrite) && call.OrganisationId is null ? null : Failure.Forbidden();
    }
}
