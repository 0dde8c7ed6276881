using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>What a mailed link is for.</summary>
public enum LinkPurpose
{
    ResetPassword,

    /// <summary>Proves that the person reads the address that they want to sign in with.</summary>
    ChangeAddress,
}

/// <summary>A link that was mailed to somebody who can sign in. Works once, for a while.</summary>
public sealed class AccountLink
{
    private AccountLink() { }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    public LinkPurpose Purpose { get; private set; }

    /// <summary>Where the mail goes; for a change of address the new one.</summary>
    public string Recipient { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When it was used, or another took its place.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    public static AccountLink Create(Guid userId, LinkPurpose purpose, string recipient, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        UserId = userId,
        Purpose = purpose,
        Recipient = recipient,
        CreatedAt = now,
        ExpiresAt = now + LastsFor(purpose),
    };

    /// <summary>How long it works.</summary>
    public static TimeSpan LastsFor(LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.ResetPassword => TimeSpan.FromHours(1),
        LinkPurpose.ChangeAddress => TimeSpan.FromHours(24),
    };

    public bool IsGoodAt(DateTimeOffset now) => ClosedAt is null && ExpiresAt > now;

    public void Close(DateTimeOffset now) => ClosedAt = ClosedAt is null ? now : throw new IllegalTransitionException("The link was used before.");
}
