namespace Portal.Core.Outbox;

/// <summary>Does what one kind of message asks for. May be asked again for a message that it has already done: what it does must be the same done twice.</summary>
public interface IOutboxHandler
{
    /// <summary>One of <see cref="OutboxKinds"/>.</summary>
    string Kind { get; }

    /// <summary>Tries once. An exception is a failure, too, and is tried again.</summary>
    Task<OutboxOutcome> HandleAsync(OutboxMessage message, CancellationToken cancellationToken);

    /// <summary>Told when the message is given up, so that what waits for it ends as well.</summary>
    Task GivenUpAsync(OutboxMessage message, string reason, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>What became of an attempt.</summary>
public abstract record OutboxOutcome
{
    private OutboxOutcome() { }

    /// <summary>Nothing is left to do.</summary>
    public sealed record Done : OutboxOutcome;

    /// <summary>To be tried again by <see cref="RetrySchedule"/>.</summary>
    public sealed record Failed(string Why) : OutboxOutcome;

    /// <summary>Trying again won't help.</summary>
    public sealed record Hopeless(string Why) : OutboxOutcome;
}
