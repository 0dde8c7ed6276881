using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Emails;
using Portal.Core.Kernel;
using Portal.Core.Outbox;
using Portal.Core.Plans;

namespace Portal.Core.Access;

/// <summary>A row of the list of invitations.</summary>
public sealed record InvitationRow(
    Guid Id, Guid? OrganisationId, string Email, string Role, string InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, DateTimeOffset? AcceptedAt, DateTimeOffset? RevokedAt)
{
    public InvitationState StateAt(DateTimeOffset now) =>
        AcceptedAt is not null ? InvitationState.Accepted
        : RevokedAt is not null ? InvitationState.Revoked
        : ExpiresAt <= now ? InvitationState.Expired
        : InvitationState.Pending;
}

/// <summary>
/// Asks people by mail to take a role, in one organisation or on the platform, and takes that back. Everything that gives a role asks for
/// <see cref="StepUp"/>, and nobody gives a role that may do more than they.
/// </summary>
public sealed class Invitations(IBillingStore store, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>Mails of one organisation, or of the platform, in an hour, at most.</summary>
    public const int MailsPerHour = 50;

    /// <summary>Open ones first, then closed ones; newest first. Searches the address.</summary>
    /// <param name="call">Who asks; needs <c>people:read</c>.</param>
    /// <param name="organisationId">Where to; null for the platform.</param>
    /// <param name="openOnly">True: without those that were accepted or revoked.</param>
    /// <param name="request">Which part.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<Result<PagedList<InvitationRow>>> ListAsync(CallContext call, Guid? organisationId, bool openOnly, ListRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.PeopleRead) || (call.OrganisationId is { } own && own != organisationId))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rows = db.Invitations.AsNoTracking().Where(row => row.OrganisationId == organisationId);
        if (openOnly)
            rows = rows.Where(row => row.AcceptedAt == null && row.RevokedAt == null);
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            var pattern = LikePattern.Containing(request.Search);
            rows = rows.Where(row => EF.Functions.Like(row.Email.ToLower(), pattern, @"\"));
        }

        var total = request.WithTotal ? await rows.CountAsync(cancellationToken) : (int?)null;
        if (request.After is { } after)
            rows = rows.Where(row => row.Id < after);
        var fetched = await rows.OrderByDescending(row => row.Id).Skip(request.Skip).Take(request.Fetch)
            .Select(row => new InvitationRow(row.Id, row.OrganisationId, row.Email, row.Role!.Name, row.InvitedBy, row.CreatedAt, row.SentAt, row.ExpiresAt, row.AcceptedAt, row.RevokedAt))
            .ToListAsync(cancellationToken);
        return PagedList<InvitationRow>.Cut(fetched, request, total);
    }

    /// <summary>
    /// Writes the invitation and its mail. Fails with <c>invalid</c> by field, <c>not_found</c>, <c>already_member</c>, <c>already_invited</c>, <c>seats_full</c>, or
    /// <c>too_many</c> in an hour. Needs <c>people:write</c>.
    /// </summary>
    public async Task<Result<Invitation>> InviteAsync(CallContext call, Guid? organisationId, string email, Guid roleId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(email);
        var now = clock.GetUtcNow();
        if (Refusal(call, organisationId, now) is { } refusal)
            return refusal;
        email = email.Trim();
        if (!EmailAddress.IsValid(email))
            return Failure.Invalid("email", "Enter an email address, such as person@example.com.");
        var normalized = normalizer.NormalizeEmail(email)!;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (!await RoleHolding.SerialiseAsync(db, organisationId, cancellationToken))
            return Failure.NotFound("organisation");
        var role = await db.Roles.AsNoTracking().Include(row => row.Permissions).SingleOrDefaultAsync(row => row.Id == roleId, cancellationToken);
        if (RoleHolding.CheckGift(call, role, organisationId) is { } notTheirs)
            return notTheirs;
        // An organisation's own people see their members only, by address in whatever case it was typed.
#pragma warning disable CA1308
        var lower = email.ToLowerInvariant();
#pragma warning restore CA1308
        if (await db.RoleAssignments.AnyAsync(held => held.OrganisationId == organisationId && held.User!.Email!.ToLower() == lower, cancellationToken))
            return new Failure(FailureKind.Conflict, "already_member", "Someone with this email address is already a member.", "email");
        var known = await db.Invitations.Where(row => row.OrganisationId == organisationId && row.NormalizedEmail == normalized && row.AcceptedAt == null && row.RevokedAt == null).ToListAsync(cancellationToken);
        if (known.Any(row => row.ExpiresAt > now))
            return new Failure(FailureKind.Conflict, "already_invited", "They are already invited. Resend that invitation, or revoke it first.", "email");
        foreach (var stale in known)
            stale.Revoke(now);
        if (await Seats.CheckAsync(db, organisationId, now, withInvitations: true, cancellationToken) is { } full)
            return full;
        if (await MailedTooOftenAsync(db, organisationId, now, cancellationToken) is { } often)
            return often;
        // The stale one gives way before the new one is written: one open invitation of an address.
        await db.SaveAsync(cancellationToken);
        var invitation = Invitation.Create(organisationId, email, normalized, roleId, call.Actor.Name, now);
        db.Invitations.Add(invitation);
        db.Outbox.Add(OutboxMessage.Create(OutboxKinds.Invitation, invitation.LinkId, organisationId, now));
        db.Audit(call, new AuditRecord("invitation.sent", "invitation", invitation.Id, organisationId, After: new { invitation.Email, Role = role!.Name }), now);
        try
        {
            await db.CommitAsync(cancellationToken);
            return invitation;
        }
        catch (UniqueViolationException)
        {
            return new Failure(FailureKind.Conflict, "already_invited", "They are already invited.", "email");
        }
    }

    /// <summary>Mails it anew; the link of the mail before is dead. Fails with <c>not_found</c>, <c>closed</c>, or <c>too_many</c> in an hour.</summary>
    public async Task<Result<Unit>> ResendAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var found = await FindAsync(db, call, id, now, cancellationToken);
        if (!found.Succeeded)
            return found.Failure;
        var invitation = found.Value;
        if (await MailedTooOftenAsync(db, invitation.OrganisationId, now, cancellationToken) is { } often)
            return often;
        invitation.Send(now);
        db.Outbox.Add(OutboxMessage.Create(OutboxKinds.Invitation, invitation.LinkId, invitation.OrganisationId, now));
        db.Audit(call, new AuditRecord("invitation.resent", "invitation", id, invitation.OrganisationId, After: new { invitation.Email, invitation.TimesSent }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }

    /// <summary>Its link is dead at once. Fails with <c>not_found</c>, or <c>closed</c>.</summary>
    public async Task<Result<Unit>> RevokeAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var found = await FindAsync(db, call, id, now, cancellationToken);
        if (!found.Succeeded)
            return found.Failure;
        found.Value.Revoke(now);
        db.Audit(call, new AuditRecord("invitation.revoked", "invitation", id, found.Value.OrganisationId, new { found.Value.Email }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }

    private static async Task<Result<Invitation>> FindAsync(IBillingDb db, CallContext call, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!call.May(Permissions.PeopleWrite))
            return Failure.Forbidden();
        if (await db.LockAsync<Invitation>(id, cancellationToken) is not { } invitation || (call.OrganisationId is { } own && own != invitation.OrganisationId))
            return Failure.NotFound("invitation");
        if (StepUp.Check(call, now) is { } ask)
            return ask;
        return invitation.AcceptedAt is null && invitation.RevokedAt is null ? invitation : Failure.Conflict("closed", "The invitation was already accepted or revoked.");
    }

    private static Failure? Refusal(CallContext call, Guid? organisationId, DateTimeOffset now) =>
        !call.May(Permissions.PeopleWrite) || (call.OrganisationId is { } own && own != organisationId) ? Failure.Forbidden() : StepUp.Check(call, now);

    private static async Task<Failure?> MailedTooOftenAsync(IBillingDb db, Guid? organisationId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var anHourAgo = now.AddHours(-1);
        return await db.Invitations.CountAsync(row => row.OrganisationId == organisationId && row.SentAt > anHourAgo, cancellationToken) >= MailsPerHour
            ? Failure.Conflict("too_many", $"At most {MailsPerHour} invitations can be sent per hour. Try again later.")
            : null;
    }
}
