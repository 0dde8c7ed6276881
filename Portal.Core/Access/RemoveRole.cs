using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>Takes a person's role in an organisation, or on the platform, away. Their next call there is refused.</summary>
public sealed class RemoveRole(IBillingStore store, TimeProvider clock)
{
    /// <summary>Fails with <c>not_found</c> when they hold none there, <c>above_own</c>, <c>last_admin</c> or <c>last_owner</c>.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, Guid userId, Guid? organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PeopleWrite) || (call.OrganisationId is { } own && own != organisationId))
            return Failure.Forbidden();
        // Leaving is everybody's own affair.
        if (call.Actor.Id != userId && StepUp.Check(call, clock.GetUtcNow()) is { } ask)
            return ask;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (!await RoleHolding.SerialiseAsync(db, organisationId, cancellationToken))
            return Failure.NotFound("organisation");
        var held = await db.RoleAssignments.Include(row => row.Role).ThenInclude(role => role!.Permissions)
            .SingleOrDefaultAsync(row => row.UserId == userId && row.OrganisationId == organisationId, cancellationToken);
        if (held is null)
            return Failure.NotFound("member");
        if (RoleHolding.CheckGift(call, held.Role, organisationId) is { } above)
            return above;
        if (await RoleHolding.LastOneAsync(db, held, cancellationToken) is { } refusal)
            return refusal;
        db.RoleAssignments.Remove(held);
        db.Audit(call, new AuditRecord("role.removed", "user", userId, organisationId, new { Role = held.Role!.Name }), clock.GetUtcNow());
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
