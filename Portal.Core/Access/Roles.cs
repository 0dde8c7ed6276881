using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>A role with what it allows.</summary>
/// <param name="Id">The role.</param>
/// <param name="Name">Lower-case.</param>
/// <param name="Description">For people.</param>
/// <param name="Kind">Where it can be held.</param>
/// <param name="IsSystem">True: it ships with the product and can't be edited.</param>
/// <param name="Permissions">What it allows, in order.</param>
/// <param name="Holders">How many hold it; not counted for customers.</param>
public sealed record RoleRow(Guid Id, string Name, string Description, RoleKind Kind, bool IsSystem, IReadOnlyList<string> Permissions, int Holders);

/// <summary>What a custom role is to be.</summary>
/// <param name="Kind">Where it can be held; never changes.</param>
/// <param name="Name">2 to 40 characters: small letters, digits and hyphens; unique within its kind.</param>
/// <param name="Description">At most 200 characters.</param>
/// <param name="Permissions">At least one, of those that make sense there.</param>
public sealed record RoleDetails(RoleKind Kind, string Name, string Description, IReadOnlyList<string> Permissions);

/// <summary>
/// Roles, and those that staff put together. Custom ones of the organisations' kind are offered in every organisation. Nobody makes a role that
/// may do more than they; system roles can't be edited; one that somebody holds or is invited to can't be deleted.
/// </summary>
public sealed partial class Roles(IBillingStore store, TimeProvider clock)
{
    /// <summary>What can be allowed in a place of a kind: to members what the owner has, to staff all but paying as a customer.</summary>
    public static IReadOnlyList<string> PermissionsOf(RoleKind kind) => kind switch
    {
        RoleKind.Platform => [.. SystemRoles.All.Single(role => role.Id == SystemRoles.Admin).Permissions.Select(held => held.Permission)],
        RoleKind.Organisation => [.. SystemRoles.All.Single(role => role.Id == SystemRoles.Owner).Permissions.Select(held => held.Permission)],
    };

    /// <summary>Those of a kind, system roles first; all for null. Needs <c>people:read</c>; members see those of organisations.</summary>
    public async Task<Result<IReadOnlyList<RoleRow>>> ListAsync(CallContext call, RoleKind? kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PeopleRead))
            return Failure.Forbidden();
        if (call.OrganisationId is not null)
            kind = RoleKind.Organisation;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rows = await db.Roles.AsNoTracking().Where(row => kind == null || row.Kind == kind)
            .OrderByDescending(row => row.Kind).ThenByDescending(row => row.IsSystem).ThenBy(row => row.Id)
            .Select(row => new RoleRow(row.Id, row.Name, row.Description, row.Kind, row.IsSystem, row.Permissions.Select(held => held.Permission).OrderBy(name => name).ToList(),
                db.RoleAssignments.Count(held => held.RoleId == row.Id))).ToListAsync(cancellationToken);
        return rows;
    }

    /// <summary>Fails with <c>not_found</c>.</summary>
    public async Task<Result<RoleRow>> GetAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        var all = await ListAsync(call, null, cancellationToken);
        if (!all.Succeeded)
            return all.Failure;
        return all.Value.FirstOrDefault(role => role.Id == id) is { } found ? found : Failure.NotFound("role");
    }

    /// <summary>As staff with <c>people:write</c>; asks for <see cref="StepUp"/>. Fails with <c>invalid</c> by field, <c>forbidden</c>, or <c>name_taken</c>.</summary>
    public async Task<Result<Guid>> CreateAsync(CallContext call, RoleDetails details, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(details);
        var now = clock.GetUtcNow();
        details = details with { Name = details.Name.Trim(), Description = details.Description.Trim() };
        if (Check(call, details, now) is { Count: > 0 } failures)
            return failures;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var role = Role.Custom(details.Kind, details.Name, details.Description, details.Permissions.Distinct(StringComparer.Ordinal), now);
        db.Roles.Add(role);
        db.Audit(call, new AuditRecord("role.created", "role", role.Id, null, After: details), now);
        return await CommitAsync(db, role.Id, cancellationToken);
    }

    /// <summary>As <see cref="CreateAsync"/>; fails with <c>not_found</c> and <c>system_role</c>, too. Who holds it has the new permissions from their next call on.</summary>
    public async Task<Result<Guid>> ChangeAsync(CallContext call, Guid id, RoleDetails details, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(details);
        var now = clock.GetUtcNow();
        details = details with { Name = details.Name.Trim(), Description = details.Description.Trim() };
        if (Check(call, details, now) is { Count: > 0 } failures)
            return failures;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Role>(id, cancellationToken) is not { } role)
            return Failure.NotFound("role");
        if (role.IsSystem)
            return IsSystem();
        var held = await db.RolePermissions.AsNoTracking().Where(row => row.RoleId == id).Select(row => row.Permission).OrderBy(name => name).ToListAsync(cancellationToken);
        if (!held.TrueForAll(permission => role.Kind != RoleKind.Platform || call.May(permission)))
            return RoleHolding.Above();
        if (role.Kind != details.Kind)
            return Failure.Invalid("kind", "Where a role can be used can't be changed.");
        var before = new RoleDetails(role.Kind, role.Name, role.Description, held);
        role.Describe(details.Name, details.Description);
        await db.RolePermissions.Where(row => row.RoleId == id && !details.Permissions.Contains(row.Permission)).ExecuteDeleteAsync(cancellationToken);
        db.RolePermissions.AddRange(details.Permissions.Except(held, StringComparer.Ordinal).Select(permission => new RolePermission(id, permission)));
        db.Audit(call, new AuditRecord("role.changed", "role", id, null, before, details), now);
        return await CommitAsync(db, id, cancellationToken);
    }

    /// <summary>As staff with <c>people:write</c>; asks for <see cref="StepUp"/>. Fails with <c>not_found</c>, <c>system_role</c>, or <c>in_use</c>.</summary>
    public async Task<Result<Unit>> DeleteAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PeopleWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        if (StepUp.Check(call, now) is { } ask)
            return ask;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Role>(id, cancellationToken) is not { } role)
            return Failure.NotFound("role");
        if (role.IsSystem)
            return IsSystem();
        if (await db.RoleAssignments.AnyAsync(held => held.RoleId == id, cancellationToken)
            || await db.Invitations.AnyAsync(row => row.RoleId == id && row.AcceptedAt == null && row.RevokedAt == null, cancellationToken))
            return Failure.Conflict("in_use", "Someone has this role or is invited to it. Assign them another one first.");
        // What was invited to it in the past keeps its row in the audit log.
        await db.Invitations.Where(row => row.RoleId == id).ExecuteDeleteAsync(cancellationToken);
        await db.RolePermissions.Where(row => row.RoleId == id).ExecuteDeleteAsync(cancellationToken);
        db.Roles.Remove(role);
        db.Audit(call, new AuditRecord("role.deleted", "role", id, null, new { role.Name, role.Kind }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }

    private static List<Failure> Check(CallContext call, RoleDetails details, DateTimeOffset now)
    {
        if (!call.May(Permissions.PeopleWrite) || call.OrganisationId is not null)
            return [Failure.Forbidden()];
        if (StepUp.Check(call, now) is { } ask)
            return [ask];
        var failures = new List<Failure>();
        if (!Name().IsMatch(details.Name))
            failures.Add(Failure.Invalid("name", "Enter 2 to 40 lowercase letters, digits or hyphens, such as support-lead."));
        if (details.Description.Length > 200)
            failures.Add(Failure.Invalid("description", "At most 200 characters."));
        if (details.Permissions.Count == 0 || details.Permissions.Except(PermissionsOf(details.Kind), StringComparer.Ordinal).Any())
            failures.Add(Failure.Invalid("permissions", "Choose at least one of the available permissions."));
        else if (details.Kind == RoleKind.Platform && details.Permissions.Any(permission => !call.May(permission)))
            failures.Add(RoleHolding.Above());
        return failures;
    }

    private static async Task<Result<Guid>> CommitAsync(IBillingDb db, Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await db.CommitAsync(cancellationToken);
            return id;
        }
        catch (UniqueViolationException)
        {
            return new Failure(FailureKind.Conflict, "name_taken", "Another role already has this name.", "name");
        }
    }

    private static Failure IsSystem() => Failure.Conflict("system_role", "Built-in roles can't be edited. Create a custom role instead.");

    [GeneratedRegex(@"^[a-z][a-z0-9-]{1,39}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
