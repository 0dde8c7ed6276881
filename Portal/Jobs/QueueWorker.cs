using Portal.Core.Kernel;

namespace Portal.Jobs;

/// <summary>
/// Works off what waits in the database on this node: at once when the bell rings, and by itself now and then, so that nothing depends on the bell or on
/// the scheduler.
/// </summary>
internal abstract class QueueWorker(WorkBell bell, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Does the next piece; false when nothing waits.</summary>
    protected abstract Task<bool> WorkNextAsync(CancellationToken stoppingToken);

    /// <summary>Writes down what a piece did not get over.</summary>
    protected abstract void Failed(Exception exception);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await WorkNextAsync(stoppingToken))
                {
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The database may be away; the worker must outlive that.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Failed(exception);
            }

            await WaitAsync(stoppingToken);
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var patience = clock.CreateTimer(_ => waiting.Cancel(), null, s_patience, Timeout.InfiniteTimeSpan);
        try
        {
            await bell.WaitAsync(waiting.Token);
        }
        catch (OperationCanceledException)
        {
            // Out of patience, or stopping: the loop knows which.
        }
    }
}
