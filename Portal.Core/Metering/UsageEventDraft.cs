namespace Portal.Core.Metering;

/// <summary>An event that keeps every rule a reader can check; it has yet to be compared with what is stored.</summary>
public sealed class UsageEventDraft
{
    /// <summary>Its place in the request, from 0.</summary>
    public required int Index { get; init; }

    public required string MetricName { get; init; }

    public required UsageValue Value { get; init; }

    public required string Unit { get; init; }

    /// <summary>In UTC and whole microseconds; null when the sender left it to us.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>A JSON object that PostgreSQL takes as jsonb.</summary>
    public string? Metadata { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>The event that this one replaces.</summary>
    public Guid? Supersedes { get; init; }

    /// <summary>What became of it; set by whoever stores it.</summary>
    public EventOutcome Outcome { get; set; }
}

/// <summary>What became of an event.</summary>
/// <param name="Status">Stored, or why not.</param>
/// <param name="Id">The stored event's id; for a duplicate, the first one's.</param>
/// <param name="Problem">Set when it was rejected.</param>
public readonly record struct EventOutcome(EventStatus Status, Guid Id, EventProblem? Problem)
{
    public static EventOutcome Accepted(Guid id) => new(EventStatus.Accepted, id, null);

    public static EventOutcome Duplicate(Guid first) => new(EventStatus.Duplicate, first, null);

    public static EventOutcome Rejected(EventProblem problem) => new(EventStatus.Rejected, default, problem);
}

/// <summary>What became of an event.</summary>
public enum EventStatus
{
    Undecided,
    Accepted,
    Duplicate,
    Rejected,
}
