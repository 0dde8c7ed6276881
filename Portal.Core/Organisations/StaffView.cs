using Portal.Core.Kernel;

namespace Portal.Core.Organisations;

/// <summary>Somebody of staff who looks at an organisation's portal as its people see it, for reading only. Ends by itself after an hour.</summary>
public sealed class StaffView
{
    /// <summary>How long one lasts at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private StaffView() { }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    public Guid OrganisationId { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When it is over, also where nobody ends it.</summary>
    public DateTimeOffset EndsAt { get; private set; }

    /// <summary>When it was ended; null while it lasts. One that lasts is the only one of its person.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public static StaffView Begin(Guid userId, Guid organisationId, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        UserId = userId,
        OrganisationId = organisationId,
        StartedAt = now,
        EndsAt = now + Longest,
    };

    public void End(DateTimeOffset now) => EndedAt = EndedAt is null ? now : throw new IllegalTransitionException("The view has ended already.");
}
