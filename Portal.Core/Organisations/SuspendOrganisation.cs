using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Plans;

namespace Portal.Core.Organisations;

/// <summary>Suspends an organisation, and restores it. While it is suspended its keys are refused and its services are not charged; its portal stays open to pay.</summary>
public sealed class SuspendOrganisation(IBillingStore store, TimeProvider clock)
{
    /// <summary>The longest reason, in characters.</summary>
    public const int MaxReason = 500;

    /// <summary>Needs <c>organisations:write</c>, as staff. Invalid <c>reason</c>; conflict <c>already_suspended</c>.</summary>
    public async Task<Result<Organisation>> SuspendAsync(CallContext call, Guid id, string? reason, CancellationToken cancellationToken)
    {
        if (Refuse(call) is { } refused)
            return refused;
        if (reason?.Trim() is not { Length: > 0 and <= MaxReason } why)
            return Failure.Invalid("reason", $"Enter a reason of 1 to {MaxReason} characters.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Organisation>(id, cancellationToken) is not { } organisation)
            return Failure.NotFound("organisation");
        if (organisation.Status == OrganisationStatus.Suspended)
            return Failure.Conflict("already_suspended", $"{organisation.Name} is already suspended.");
        var (before, now) = (new { organisation.Status }, clock.GetUtcNow());
        organisation.Suspend(why, now);
        await AccountServices.SuspendAsync(db, call, organisation, now, cancellationToken);
        db.Audit(call, new AuditRecord("organisation.suspended", "organisation", id, id, before, new { organisation.Status, Reason = why }), now);
        await db.CommitAsync(cancellationToken);
        return organisation;
    }

    /// <summary>Needs <c>organisations:write</c>, as staff. Conflict <c>not_suspended</c>.</summary>
    public async Task<Result<Organisation>> RestoreAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        if (Refuse(call) is { } refused)
            return refused;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Organisation>(id, cancellationToken) is not { } organisation)
            return Failure.NotFound("organisation");
        if (organisation.Status != OrganisationStatus.Suspended)
            return Failure.Conflict("not_suspended", $"{organisation.Name} is not suspended.");
        var (before, now) = (new { organisation.Status, Reason = organisation.SuspensionReason }, clock.GetUtcNow());
        organisation.Restore(await db.Invoices.AnyAsync(invoice => invoice.OrganisationId == id && invoice.Status == InvoiceStatus.Overdue, cancellationToken), now);
        await AccountServices.RestoreAsync(db, call, organisation, now, cancellationToken);
        db.Audit(call, new AuditRecord("organisation.restored", "organisation", id, id, before, new { organisation.Status }), now);
        await db.CommitAsync(cancellationToken);
        return organisation;
    }

    private static Failure? Refuse(CallContext call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.May(Permissions.OrganisationsWrite) && call.OrganisationId is null ? null : Failure.Forbidden();
    }
}
