using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>Shuts a person out, or lets them in again. What they hold stays; their sessions end.</summary>
public sealed class SetPersonActive(IBillingStore store, TimeProvider clock)
{
    /// <summary>As staff with <c>people:write</c>; asks for <see cref="StepUp"/>. Fails with <c>not_found</c>, <c>own_account</c>, <c>last_admin</c> or <c>last_owner</c>.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, Guid userId, bool isActive, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PeopleWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        if (StepUp.Check(call, now) is { } ask)
            return ask;
        if (call.Actor.Id == userId)
            return Failure.Conflict("own_account", "You can't deactivate your own account.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var held = await db.RoleAssignments.Include(row => row.Role).ThenInclude(role => role!.Permissions).Where(row => row.UserId == userId).OrderBy(row => row.OrganisationId).ToListAsync(cancellationToken);
        foreach (var place in held)
        {
            await RoleHolding.SerialiseAsync(db, place.OrganisationId, cancellationToken);
            if (place.OrganisationId is null && RoleHolding.CheckGift(call, place.Role, null) is { } above)
                return above;
            if (!isActive && await RoleHolding.LastOneAsync(db, place, cancellationToken) is { } refusal)
                return refusal;
        }

        if (await db.LockAsync<User>(userId, cancellationToken) is not { } user)
            return Failure.NotFound("person");
        if (user.IsActive == isActive)
            return default(Unit);
        user.Activate(isActive);
        if (!isActive)
            await Sessions.EndAllAsync(db, userId, null, now, cancellationToken);
        db.Audit(call, new AuditRecord(isActive ? "user.activated" : "user.deactivated", "user", userId, null, new { IsActive = !isActive }, new { IsActive = isActive }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
