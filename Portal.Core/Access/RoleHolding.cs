using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;
using Portal.Core.Organisations;

namespace Portal.Core.Access;

/// <summary>What giving and taking roles have in common: one at a time per organisation, and never without a last owner or admin.</summary>
internal static class RoleHolding
{
    /// <summary>Makes changes of roles in an organisation, or on the platform, wait for each other. False when there is no such organisation.</summary>
    public static async Task<bool> SerialiseAsync(IBillingDb db, Guid? organisationId, CancellationToken cancellationToken) => organisationId is { } id
        ? await db.LockAsync<Organisation>(id, cancellationToken) is not null
        : await db.LockAsync<Role>(SystemRoles.Admin, cancellationToken) is not null;

    /// <summary>The refusal when a role does not fit the place, or may do more there than who would give it or take it away.</summary>
    public static Failure? CheckGift(CallContext call, Role? role, Guid? organisationId)
    {
        if (role is null)
            return Failure.Invalid("roleId", "Choose a role.");
        if (role.Kind != (organisationId is null ? RoleKind.Platform : RoleKind.Organisation))
            return Failure.Invalid("roleId", "This role can't be assigned there.");
        // Staff give customers roles with permissions that staff themselves have no use for, such as paying.
        var isAbove = (organisationId is null || call.OrganisationId is not null) && role.Permissions.Any(held => !call.May(held.Permission));
        return isAbove ? Above() : null;
    }

    public static Failure Above() => new(FailureKind.Forbidden, "above_own", "This role has more permissions than you. Ask someone who has it.");

    /// <summary>The refusal when this is the last role of its kind that somebody must hold; null when it may go.</summary>
    public static async Task<Failure?> LastOneAsync(IBillingDb db, RoleAssignment held, CancellationToken cancellationToken)
    {
        var needed = held.OrganisationId is null ? SystemRoles.Admin : SystemRoles.Owner;
        if (held.RoleId != needed)
            return null;
        var others = await db.RoleAssignments.AnyAsync(
            other => other.RoleId == needed && other.OrganisationId == held.OrganisationId && other.Id != held.Id && other.User!.IsActive, cancellationToken);
        if (others)
            return null;
        return held.OrganisationId is null
            ? Failure.Conflict("last_admin", "This is the last platform admin. Make someone else an admin first.")
            : Failure.Conflict("last_owner", "This is the organisation's last owner. Make someone else an owner first.");
    }
}
