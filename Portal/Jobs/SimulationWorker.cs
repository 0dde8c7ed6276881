using Portal.Core.Simulations;
using Quartz;

namespace Portal.Jobs;

/// <summary>
/// Works off simulations on this node, one at a time: at once when one is started here, and when the scheduler finds one that waits. Looks by itself now
/// and then, so that none depends on the scheduler.
/// </summary>
internal sealed class SimulationWorker(RunSimulation simulations, SimulationBell bell, TimeProvider clock, ILogger<SimulationWorker> logger) : BackgroundService
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await simulations.RunNextAsync(stoppingToken))
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
                Log.SimulationWorkerFailed(logger, exception);
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

/// <summary>Wakes this node's worker when a simulation waits, or when the node that worked on one has gone silent.</summary>
internal sealed class ResumeSimulationsJob(FindWaitingSimulation find, SimulationBell bell) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        if (await find.RunAsync(JobCalls.For(context, "Looks for simulations over every organisation."), cancellationToken))
            bell.Ring();
    }
}
