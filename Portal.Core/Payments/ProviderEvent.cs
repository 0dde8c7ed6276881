namespace Portal.Core.Payments;

/// <summary>A provider's webhook as it came: stored first, then worked off. Unique by the provider's event id.</summary>
public sealed class ProviderEvent
{
    private ProviderEvent() { }

    public Guid Id { get; private set; }

    /// <summary>The provider's own id of the event, the same on every retry; without one, the body's hash.</summary>
    public string EventId { get; private set; } = "";

    public string Type { get; private set; } = "";

    /// <summary>The raw body.</summary>
    public byte[] Body { get; private set; } = [];

    public DateTimeOffset ReceivedAt { get; private set; }

    public DateTimeOffset? ProcessedAt { get; private set; }

    /// <summary>How often it was taken up, this time included.</summary>
    public int Attempts { get; private set; }

    /// <summary>Not before this; moves on with every attempt.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>When it was given up; the error stays.</summary>
    public DateTimeOffset? DeadAt { get; private set; }

    /// <summary>What the last attempt failed with.</summary>
    public string? Error { get; private set; }

    /// <summary>What came of it, e.g. that the order is not ours.</summary>
    public string? Note { get; private set; }

    /// <summary>Has it tried anew, from the first attempt. Only what was given up.</summary>
    public void TryAgain(DateTimeOffset now) => (DueAt, Attempts, DeadAt) = DeadAt is not null
        ? (now, 0, (DateTimeOffset?)null)
        : throw new Kernel.IllegalTransitionException("The event was not given up.");
}
