using Microsoft.Extensions.Options;
using Portal.Core.BillingRuns;

namespace Portal.Jobs;

/// <summary>
/// Works off billing runs on this node: at once when one is started here, and when the scheduler finds one that waits. Looks by itself
/// now and then, so that no run depends on the scheduler.
/// </summary>
internal sealed class BillingRunWorker(RunBilling runs, BillingRunBell bell, IOptions<BillingOptions> options, TimeProvider clock, ILogger<BillingRunWorker> logger) : BackgroundService
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Workers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await runs.RunNextAsync(stoppingToken))
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
                Log.BillingRunWorkerFailed(logger, exception);
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
