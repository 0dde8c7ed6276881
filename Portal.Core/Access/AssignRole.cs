using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Plans;

namespace Portal.Core.Access;

/// <summary>Gives a person a role in an organisation, or on the platform; one that they held there before gives way. Asks for <see cref="StepUp"/>.</summary>
public sealed class AssignRole(IBillingStore store, TimeProvider clock)
{
    /// <param name="call">Who asks.</param>
    /// <param name="userId">The person.</param>
    /// <param name="roleId">A role of the matching kind.</param>
    /// <param name="organisationId">Where; null for the platform.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Fails with <c>not_found</c>, <c>invalid</c> for a role of the other kind, <c>above_own</c> for one that may do more than who asks, <c>seats_full</c>, <c>last_admin</c> or <c>last_owner</c>.</returns>
    public async Task<Result<Unit>> RunAsync(CallContext call, Guid userId, Guid roleId, Guid? organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PeopleWrite) || (call.OrganisationId is { } own && own != organisationId))
            return Failure.Forbidden();
        if (StepUp.Check(call, clock.GetUtcNow()) is { } ask)
            return ask;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (!await RoleHolding.SerialiseAsync(db, organisationId, cancellationToken))
            return Failure.NotFound("organisation");
        if (await db.Roles.AsNoTracking().Include(row => row.Permissions).SingleOrDefaultAsync(row => row.Id == roleId, cancellationToken) is not { } role)
            return Failure.NotFound("role");
        if (RoleHolding.CheckGift(call, role, organisationId) is { } notTheirs)
            return notTheirs;
        if (!await db.Users.AnyAsync(user => user.Id == userId, cancellationToken))
            return Failure.NotFound("person");
        var held = await db.RoleAssignments.Include(row => row.Role).ThenInclude(held => held!.Permissions)
            .SingleOrDefaultAsync(row => row.UserId == userId && row.OrganisationId == organisationId, cancellationToken);
        if (held?.RoleId == roleId)
            return default(Unit);
        if (held is null && await Seats.CheckAsync(db, organisationId, clock.GetUtcNow(), withInvitations: false, cancellationToken) is { } full)
            return full;
        if (held is not null)
        {
            if (RoleHolding.CheckGift(call, held.Role, organisationId) is { } above)
                return above;
            if (await RoleHolding.LastOneAsync(db, held, cancellationToken) is { } refusal)
                return refusal;
            db.RoleAssignments.Remove(held);
            // Written before the new row: one role of a person per organisation.
            await db.SaveAsync(cancellationToken);
        }

        var now = clock.GetUtcNow();
        db.RoleAssignments.Add(RoleAssignment.Create(userId, roleId, organisationId, now));
        db.Audit(call, new AuditRecord("role.assigned", "user", userId, organisationId, held is null ? null : new { Role = held.Role!.Name }, new { Role = role.Name }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
