namespace Portal.Core.Access;

/// <summary>Somebody being signed in somewhere. The cookie only names it: whether it still stands is what this row says.</summary>
public sealed class UserSession
{
    private UserSession() { }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    public string? IpAddress { get; private set; }

    public string? UserAgent { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>At most a minute behind.</summary>
    public DateTimeOffset LastSeenAt { get; private set; }

    /// <summary>When the person last proved who they are; see <see cref="StepUp"/>.</summary>
    public DateTimeOffset ConfirmedAt { get; private set; }

    /// <summary>When it ends whatever happens in it.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public static UserSession Begin(Guid userId, string? ipAddress, string? userAgent, TimeSpan lasts, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        UserId = userId,
        IpAddress = ipAddress,
        UserAgent = userAgent is { Length: > 500 } ? userAgent[..500] : userAgent,
        CreatedAt = now,
        LastSeenAt = now,
        ConfirmedAt = now,
        ExpiresAt = now + lasts,
    };

    public void Confirm(DateTimeOffset now) => ConfirmedAt = now;

    /// <summary>Ending it again changes nothing.</summary>
    public void End(DateTimeOffset now) => EndedAt ??= now;
}
