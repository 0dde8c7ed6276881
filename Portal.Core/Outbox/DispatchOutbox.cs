using Microsoft.Extensions.Logging;

namespace Portal.Core.Outbox;

/// <summary>Takes up one message that is due and has its handler do it. Any number may run at once, on any number of nodes.</summary>
public sealed class DispatchOutbox(IOutboxQueue queue, IEnumerable<IOutboxHandler> handlers, TimeProvider clock, ILogger<DispatchOutbox> logger)
{
    /// <summary>How long a message stays with the one that took it up; longer than any handler may take.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    private readonly Dictionary<string, IOutboxHandler> _handlers = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);

    /// <summary>False when nothing is due.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (await queue.ClaimAsync(clock.GetUtcNow(), Lease, cancellationToken) is not { } claimed)
            return false;
        Exception? thrown = null;
        OutboxOutcome outcome;
        using var patience = new CancellationTokenSource(s_patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            outcome = _handlers.TryGetValue(claimed.Kind, out var handler)
                ? await handler.HandleAsync(claimed, either.Token)
                : new OutboxOutcome.Failed($"Nothing here handles {claimed.Kind}.");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Of this message alone: it waits or is given up, the next one is taken up.
            (outcome, thrown) = (new OutboxOutcome.Failed(exception.Message), exception);
        }

        await StoreAsync(claimed, outcome, thrown);
        return true;
    }

    // Without the caller's token: what was done is written down also while the host shuts down.
    private async Task StoreAsync(OutboxMessage claimed, OutboxOutcome outcome, Exception? thrown)
    {
        var now = clock.GetUtcNow();
        switch (outcome)
        {
            case OutboxOutcome.Done:
                await queue.DoneAsync(claimed, now, CancellationToken.None);
                break;
            case OutboxOutcome.Failed failed when RetrySchedule.After(claimed.Attempts) is { } pause:
                Log.MessageFailed(logger, thrown, claimed.Id, claimed.Kind, claimed.Attempts, now + pause);
                await queue.RetryAsync(claimed, failed.Why, now + pause, CancellationToken.None);
                break;
            default:
                await GiveUpAsync(claimed, outcome is OutboxOutcome.Failed { Why: var why } ? why : ((OutboxOutcome.Hopeless)outcome).Why, thrown, now);
                break;
        }
    }

    private async Task GiveUpAsync(OutboxMessage claimed, string why, Exception? thrown, DateTimeOffset now)
    {
        Log.MessageDead(logger, thrown, claimed.Id, claimed.Kind, claimed.Attempts);
        if (_handlers.TryGetValue(claimed.Kind, out var handler))
            await handler.GivenUpAsync(claimed, why, CancellationToken.None);
        await queue.GiveUpAsync(claimed, why, now, CancellationToken.None);
    }
}
