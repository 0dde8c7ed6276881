using Portal.Core.Simulations;
using Quartz;

namespace Portal.Jobs;

/// <summary>Works off simulations on this node, one at a time.</summary>
internal sealed class SimulationWorker(RunSimulation simulations, SimulationBell bell, TimeProvider clock, ILogger<SimulationWorker> logger) : QueueWorker(bell, clock)
{
    protected override Task<bool> WorkNextAsync(CancellationToken stoppingToken) => simulations.RunNextAsync(stoppingToken);

    protected override void Failed(Exception exception) => Log.SimulationWorkerFailed(logger, exception);
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
