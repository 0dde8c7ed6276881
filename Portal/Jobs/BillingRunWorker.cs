using Microsoft.Extensions.Options;
using Portal.Core.BillingRuns;

namespace Portal.Jobs;

/// <summary>Works off billing runs on this node, as many at once as the settings say.</summary>
internal sealed class BillingRunWorker(RunBilling runs, BillingRunBell bell, IOptions<BillingOptions> options, TimeProvider clock, ILogger<BillingRunWorker> logger) : QueueWorker(bell, clock)
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Workers).Select(_ => base.ExecuteAsync(stoppingToken)));

    protected override Task<bool> WorkNextAsync(CancellationToken stoppingToken) => runs.RunNextAsync(stoppingToken);

    protected override void Failed(Exception exception) => Log.BillingRunWorkerFailed(logger, exception);
}
