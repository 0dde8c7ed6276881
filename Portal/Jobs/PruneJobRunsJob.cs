using Portal.Core.Jobs;
using Quartz;

namespace Portal.Jobs;

/// <summary>Forgets old runs of jobs.</summary>
internal sealed class PruneJobRunsJob(JobHistory history) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await history.PruneAsync(JobCalls.For(context, "Runs of jobs belong to no organisation."), cancellationToken);
}
