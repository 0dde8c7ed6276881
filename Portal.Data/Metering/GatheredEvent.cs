using Portal.Core.Metering;

namespace Portal.Data.Metering;

/// <summary>An event on its way into one transaction.</summary>
internal sealed class GatheredEvent
{
    public required UsageSubmission Submission { get; init; }

    public required UsageEventDraft Draft { get; init; }

    public required Guid Id { get; init; }

    /// <summary>Given, or the moment of receipt; a correction without one takes the time of what it corrects.</summary>
    public required DateTimeOffset Timestamp { get; set; }

    public Guid KeyHash { get; init; }

    public long BodyHash { get; init; }

    public int BillingMonth { get; set; }

    /// <summary>The event with the same idempotency key that came before it in this transaction.</summary>
    public GatheredEvent? Leader { get; init; }

    /// <summary>The stored event that holds the idempotency key.</summary>
    public SeenKey? Seen { get; set; }

    /// <summary>The stored event that this one replaces.</summary>
    public SupersededEvent? Superseded { get; set; }

    public bool HasKey => Draft.IdempotencyKey is not null;

    public bool IsRejected => Draft.Outcome.Status == EventStatus.Rejected;

    public bool IsAccepted => Draft.Outcome.Status == EventStatus.Accepted;

    /// <summary>Decides a repeat: the same event again, or another one under the same key.</summary>
    public void Repeats(in SeenKey first)
    {
        var same = first.BodyHash == BodyHash && (!first.TimestampGiven || Draft.Timestamp is null || first.Timestamp == Draft.Timestamp);
        Draft.Outcome = same ? EventOutcome.Duplicate(first.EventId) : EventOutcome.Rejected(EventProblem.IdempotencyConflict);
    }

    /// <summary>How later events with the same key see this one.</summary>
    public SeenKey AsSeen() => Seen ?? new SeenKey(Id, Timestamp, Draft.Timestamp is not null, BodyHash);
}

/// <summary>A row of <c>usage_event_keys</c>.</summary>
internal readonly record struct SeenKey(Guid EventId, DateTimeOffset Timestamp, bool TimestampGiven, long BodyHash);

/// <summary>What a correction takes away; the empty id where its key was not written down.</summary>
internal sealed record SupersededEvent(Guid Id, DateTimeOffset Timestamp, string MetricName, string Unit, UsageValue Value, int BillingMonth, Guid ApiKeyId);
