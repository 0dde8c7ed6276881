using Portal.Core.Plans;
using Quartz;

namespace Portal.Jobs;

/// <summary>Has the status and the period of subscriptions follow the time.</summary>
internal sealed class AdvanceSubscriptionsJob(AdvanceSubscriptions advance, ILogger<AdvanceSubscriptionsJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var changed = await advance.RunAsync(JobCalls.For(context, "Has the subscriptions of every organisation follow the time."), cancellationToken);
        if (changed > 0)
            Log.SubscriptionsAdvanced(logger, changed);
    }
}
