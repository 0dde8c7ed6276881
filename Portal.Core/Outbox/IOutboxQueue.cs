namespace Portal.Core.Outbox;

/// <summary>What waits to leave. Every method is a transaction of its own.</summary>
public interface IOutboxQueue
{
    /// <summary>Takes up the message that has been due longest, for as long as the lease; counts the attempt. Null when none is due.</summary>
    Task<OutboxMessage?> ClaimAsync(DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Done. False when the lease ran out and somebody else has taken it up.</summary>
    Task<bool> DoneAsync(OutboxMessage claimed, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>To be tried again at <paramref name="dueAt"/>.</summary>
    Task<bool> RetryAsync(OutboxMessage claimed, string error, DateTimeOffset dueAt, CancellationToken cancellationToken);

    /// <summary>Given up; the error stays.</summary>
    Task<bool> GiveUpAsync(OutboxMessage claimed, string error, DateTimeOffset now, CancellationToken cancellationToken);
}
