using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Plans;

namespace Portal.Core.Access;

/// <summary>What the page of an invitation says.</summary>
/// <param name="Email">Whom it is for.</param>
/// <param name="OrganisationId">Where to; null for the platform.</param>
/// <param name="OrganisationName">Null for the platform.</param>
/// <param name="Role">The role's name.</param>
/// <param name="InvitedBy">Who asked.</param>
/// <param name="IsKnown">True: somebody by that address can sign in already.</param>
public sealed record OpenInvitation(string Email, Guid? OrganisationId, string? OrganisationName, string Role, string InvitedBy, bool IsKnown);

/// <summary>Takes the role of an invitation: as somebody new, or as who is signed in by its address.</summary>
public sealed class AcceptInvitation(IBillingStore store, CreateUser createUser, ILookupNormalizer normalizer, TimeProvider clock)
{
    private static readonly AccessScope s_scope = new AccessScope.System("Who accepts an invitation does not belong yet");

    /// <summary>Null for a link that was used, replaced or revoked, is too old, or was never ours.</summary>
    public async Task<OpenInvitation?> FindAsync(string? token, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        if (await LinkSecret.FindAsync(db, token, cancellationToken) is not { } link)
            return null;
        var row = await db.Invitations.AsNoTracking().Where(one => one.LinkId == link)
            .Select(one => new
            {
                Invitation = one,
                Role = one.Role!.Name,
                Organisation = db.Organisations.Where(organisation => organisation.Id == one.OrganisationId).Select(organisation => organisation.Name).SingleOrDefault(),
                IsKnown = db.Users.Any(user => user.NormalizedEmail == one.NormalizedEmail),
            }).SingleOrDefaultAsync(cancellationToken);
        return row is null || row.Invitation.StateAt(now) != InvitationState.Pending
            ? null
            : new OpenInvitation(row.Invitation.Email, row.Invitation.OrganisationId, row.Organisation, row.Role, row.Invitation.InvitedBy, row.IsKnown);
    }

    /// <summary>Makes the person, with the address that the mail has reached. Fails with <c>link_gone</c>, <c>invalid</c> by field, <c>email_taken</c>, or <c>seats_full</c>.</summary>
    public async Task<Result<User>> AsNewAsync(CallContext call, string? token, string displayName, string password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        if (await LockAsync(db, token, now, cancellationToken) is not { } invitation)
            return ResetPassword.Gone();
        var request = new UserRequest(invitation.Email, displayName, password);
        if (CreateUser.Check(request) is { Count: > 0 } failures)
            return failures;
        if (await db.Users.AnyAsync(user => user.NormalizedEmail == invitation.NormalizedEmail, cancellationToken))
            return CreateUser.EmailTaken();
        var person = createUser.Add(db, call, request);
        try
        {
            await db.SaveAsync(cancellationToken);
        }
        catch (UniqueViolationException)
        {
            return CreateUser.EmailTaken();
        }

        if (await TakeAsync(db, call, invitation, person.Id, person.Email!, now, cancellationToken) is { } refusal)
            return refusal;
        return person;
    }

    /// <summary>
    /// For who is signed in: only by the invitation's own address. A role that they hold there already gives way. Fails with <c>link_gone</c>,
    /// <c>other_person</c>, <c>seats_full</c>, <c>last_owner</c> or <c>last_admin</c>.
    /// </summary>
    public async Task<Result<Guid?>> AsKnownAsync(CallContext call, string? token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var now = clock.GetUtcNow();
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        if (await LockAsync(db, token, now, cancellationToken) is not { } invitation)
            return ResetPassword.Gone();
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == userId && user.IsActive, cancellationToken) is not { } person
            || !string.Equals(person.NormalizedEmail, invitation.NormalizedEmail, StringComparison.Ordinal))
            return new Failure(FailureKind.Forbidden, "other_person", $"This invitation is for {normalizer.NormalizeEmail(invitation.Email)!.ToLower(System.Globalization.CultureInfo.InvariantCulture)}.");
        if (await TakeAsync(db, call, invitation, userId, person.Email!, now, cancellationToken) is { } refusal)
            return refusal;
        return Result<Guid?>.From(invitation.OrganisationId);
    }

    private static async Task<Invitation?> LockAsync(IBillingDb db, string? token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await LinkSecret.FindAsync(db, token, cancellationToken) is not { } link)
            return null;
        var id = await db.Invitations.Where(row => row.LinkId == link).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken);
        // Looked at again under the lock: the second of two clicks finds it used.
        return id is { } known && await db.LockAsync<Invitation>(known, cancellationToken) is { } invitation && invitation.LinkId == link && invitation.StateAt(now) == InvitationState.Pending
            ? invitation
            : null;
    }

    private static async Task<Failure?> TakeAsync(IBillingDb db, CallContext call, Invitation invitation, Guid userId, string email, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await RoleHolding.SerialiseAsync(db, invitation.OrganisationId, cancellationToken);
        var held = await db.RoleAssignments.Include(row => row.Role).SingleOrDefaultAsync(row => row.UserId == userId && row.OrganisationId == invitation.OrganisationId, cancellationToken);
        if (held is null && await Seats.CheckAsync(db, invitation.OrganisationId, now, withInvitations: false, cancellationToken) is { } full)
            return full;
        if (held is not null && held.RoleId != invitation.RoleId)
        {
            if (await RoleHolding.LastOneAsync(db, held, cancellationToken) is { } refusal)
                return refusal;
            db.RoleAssignments.Remove(held);
            await db.SaveAsync(cancellationToken);
        }

        if (held?.RoleId != invitation.RoleId)
            db.RoleAssignments.Add(RoleAssignment.Create(userId, invitation.RoleId, invitation.OrganisationId, now));
        invitation.Accept(userId, now);
        var role = await db.Roles.Where(row => row.Id == invitation.RoleId).Select(row => row.Name).SingleAsync(cancellationToken);
        var actor = call with { Actor = new Actor(ActorKind.User, userId, email) };
        db.Audit(actor, new AuditRecord("invitation.accepted", "invitation", invitation.Id, invitation.OrganisationId, After: new { invitation.Email, Role = role }), now);
        db.Audit(actor, new AuditRecord("role.assigned", "user", userId, invitation.OrganisationId, held is null ? null : new { Role = held.Role!.Name }, new { Role = role }), now);
        await db.CommitAsync(cancellationToken);
        return null;
    }
}
