namespace Portal.Core.Metering;

/// <summary>Where usage is stored.</summary>
public interface IUsageEventStore
{
    /// <summary>A writer with a connection of its own, for one caller at a time.</summary>
    IUsageWriter OpenWriter();

    /// <summary>The ids of the events of these projects that carry an idempotency key, as far as it is remembered. The caller answers for the projects.</summary>
    Task<IReadOnlyList<Guid>> FindByKeyAsync(IReadOnlyCollection<Guid> projectIds, string idempotencyKey, CancellationToken cancellationToken);
}

/// <summary>Commits gathered requests.</summary>
public interface IUsageWriter : IAsyncDisposable
{
    /// <summary>
    /// Stores the events of all these requests in one transaction: idempotency keys, events, buckets, monthly aggregates, the catalogue of
    /// metrics. Sets each event's outcome. Opens its connection anew where that is needed; never throws for what the database does.
    /// </summary>
    Task<GatherResult> CommitAsync(IReadOnlyList<UsageSubmission> gather, CancellationToken cancellationToken);
}

/// <summary>How a transaction ended.</summary>
/// <param name="Result">For every request in it.</param>
/// <param name="Error">What went wrong, if anything.</param>
public readonly record struct GatherResult(SubmissionResult Result, Exception? Error = null);
