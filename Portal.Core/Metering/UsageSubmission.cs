namespace Portal.Core.Metering;

/// <summary>How a request fared as a whole; what became of each event stands with the event.</summary>
public enum SubmissionResult
{
    /// <summary>Every event is decided, and what was accepted is committed.</summary>
    Decided,

    /// <summary>Nothing was stored: the database was away, or the request's turn did not come in time.</summary>
    NotStored,

    /// <summary>The commit was asked for and no answer came. A repeat with the same idempotency keys finds out.</summary>
    Unknown,

    /// <summary>The database refused it though it keeps every rule: a fault of ours.</summary>
    Refused,
}

/// <summary>The good events of one request on their way to the database.</summary>
public sealed class UsageSubmission(ProjectKey key, DateTimeOffset receivedAt, IReadOnlyList<UsageEventDraft> events)
{
    // Whoever completes it runs on with the answer: the queue sees to it that this is no writer's thread.
    private readonly TaskCompletionSource<SubmissionResult> _completion = new();

    public Guid OrganisationId => key.OrganisationId;

    public Guid ProjectId => key.ProjectId;

    /// <summary>The key that sent it.</summary>
    public Guid ApiKeyId => key.Id;

    /// <summary>Cuts the organisation's months.</summary>
    public BillingCalendar Calendar => key.Calendar;

    /// <summary>In whole microseconds; stands in for timestamps that were not given.</summary>
    public DateTimeOffset ReceivedAt => receivedAt;

    public IReadOnlyList<UsageEventDraft> Events => events;

    /// <summary>Ends when the submission is decided.</summary>
    internal Task<SubmissionResult> Completion => _completion.Task;

    /// <summary>When it began to wait, as a time stamp of the clock.</summary>
    internal long EnqueuedAt { get; set; }

    internal void Complete(SubmissionResult result) => _completion.TrySetResult(result);
}
