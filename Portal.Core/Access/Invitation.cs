using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>How an invitation stands.</summary>
public enum InvitationState
{
    Pending,
    Accepted,
    Expired,
    Revoked,
}

/// <summary>Somebody is asked by mail to take a role: in one organisation, or on the platform when <see cref="OrganisationId"/> is null.</summary>
public sealed class Invitation
{
    /// <summary>How long the link of its mail works.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(7);

    private Invitation() { }

    public Guid Id { get; private set; }

    public Guid? OrganisationId { get; private set; }

    /// <summary>Whom the mail goes to; only somebody by this address can accept.</summary>
    public string Email { get; private set; } = "";

    public string NormalizedEmail { get; private set; } = "";

    public Guid RoleId { get; private set; }

    public Role? Role { get; private set; }

    /// <summary>Who asked, for the mail and the list.</summary>
    public string InvitedBy { get; private set; } = "";

    /// <summary>The link that works; sending anew makes another, and the one before is dead.</summary>
    public Guid LinkId { get; private set; }

    public int TimesSent { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset SentAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? AcceptedAt { get; private set; }

    public Guid? AcceptedById { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    public static Invitation Create(Guid? organisationId, string email, string normalizedEmail, Guid roleId, string invitedBy, DateTimeOffset now)
    {
        var invitation = new Invitation
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = organisationId,
            Email = email,
            NormalizedEmail = normalizedEmail,
            RoleId = roleId,
            InvitedBy = invitedBy,
            CreatedAt = now,
        };
        invitation.Send(now);
        return invitation;
    }

    public InvitationState StateAt(DateTimeOffset now) =>
        AcceptedAt is not null ? InvitationState.Accepted
        : RevokedAt is not null ? InvitationState.Revoked
        : ExpiresAt <= now ? InvitationState.Expired
        : InvitationState.Pending;

    /// <summary>Gives it a new link, good for as long as the first was.</summary>
    public void Send(DateTimeOffset now)
    {
        Open();
        (LinkId, SentAt, ExpiresAt, TimesSent) = (Guid.CreateVersion7(now), now, now + Lasts, TimesSent + 1);
    }

    public void Accept(Guid userId, DateTimeOffset now)
    {
        if (StateAt(now) != InvitationState.Pending)
            throw new IllegalTransitionException("The invitation can't be accepted any more.");
        (AcceptedAt, AcceptedById) = (now, userId);
    }

    public void Revoke(DateTimeOffset now)
    {
        Open();
        RevokedAt = now;
    }

    private void Open()
    {
        if (AcceptedAt is not null || RevokedAt is not null)
            throw new IllegalTransitionException("The invitation is closed.");
    }
}
