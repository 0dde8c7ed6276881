namespace Portal.Core.Payments;

/// <summary>Where webhooks wait. Every method is a transaction of its own.</summary>
public interface IProviderInbox
{
    /// <summary>Stores an event; false when it was stored before.</summary>
    Task<bool> StoreAsync(IncomingProviderEvent incoming, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Takes up the event that has been due longest, for as long as the lease; counts the attempt. Null when none is due.</summary>
    Task<ProviderEvent?> ClaimAsync(DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Worked off. False when the lease ran out and somebody else has taken it up.</summary>
    Task<bool> ProcessedAsync(ProviderEvent claimed, string? note, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>To be tried again at <paramref name="dueAt"/>.</summary>
    Task<bool> RetryAsync(ProviderEvent claimed, string error, DateTimeOffset dueAt, CancellationToken cancellationToken);

    /// <summary>Given up; the error stays.</summary>
    Task<bool> GiveUpAsync(ProviderEvent claimed, string error, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>A webhook whose signature was checked.</summary>
/// <param name="EventId">The provider's, 1 to 200 characters.</param>
/// <param name="Type">The provider's name of the event.</param>
/// <param name="Body">As it came.</param>
public sealed record IncomingProviderEvent(string EventId, string Type, byte[] Body);
