using Portal.Changes;

namespace Portal.Outbox;

/// <summary>
/// Workers that empty a queue in the database, one unit at a time each: a unit that is slow or poisonous holds up no other. They are woken when something
/// is put in, on whichever node, and look by themselves every few seconds, because a wake-up may get lost and retries become due in silence.
/// </summary>
internal abstract class QueueWorkers(IDatabaseChanges changes, string kind, int workers, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(3);

    private TaskCompletionSource _woken = NewSignal();

    /// <summary>Does one unit that is due; false when there is none.</summary>
    protected abstract Task<bool> WorkAsync(CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = changes.Subscribe(kind, _ => Wake(), Wake);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => RunAsync(stoppingToken), stoppingToken)));
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Taken before looking: what is put in meanwhile is not slept through.
            var woken = Volatile.Read(ref _woken).Task;
            if (!await TryWorkAsync(stoppingToken))
                await Task.WhenAny(woken, Task.Delay(s_look, stoppingToken));
        }
    }

    private async Task<bool> TryWorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await WorkAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return false;
        }
#pragma warning disable CA1031 // The queue itself failed, e.g. the database is away: logged, and looked at again after a pause. The worker must not end.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.QueueFailed(logger, kind, exception);
            await Task.Delay(s_look, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }
    }

    private void Wake() => Interlocked.Exchange(ref _woken, NewSignal()).TrySetResult();

    // The listening thread only sets it; the workers go on elsewhere.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
