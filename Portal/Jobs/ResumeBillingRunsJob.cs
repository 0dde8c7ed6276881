using Portal.Core.BillingRuns;
using Quartz;

namespace Portal.Jobs;

/// <summary>Wakes this node's workers when a billing run waits, or when the node that worked on one has gone silent.</summary>
internal sealed class ResumeBillingRunsJob(FindWaitingBillingRun find, BillingRunBell bell) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        if (await find.RunAsync(JobCalls.For(context, "Looks for billing runs of every organisation."), cancellationToken))
            bell.Ring();
    }
}
