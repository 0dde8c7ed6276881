namespace Portal.Core.Notifications;

/// <summary>How far a person has read the notifications of one portal.</summary>
public sealed class NotificationMark
{
    private NotificationMark() { }

    public Guid UserId { get; private set; }

    /// <summary>The organisation whose portal it is; empty for the staff's.</summary>
    public Guid Place { get; private set; }

    /// <summary>What happened later is new.</summary>
    public DateTimeOffset SeenAt { get; private set; }

    internal static NotificationMark Of(Guid userId, Guid place, DateTimeOffset now) => new() { UserId = userId, Place = place, SeenAt = now };

    internal void Move(DateTimeOffset now) => SeenAt = now > SeenAt ? now : SeenAt;
}
