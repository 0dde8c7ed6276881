using Portal.Core.PrepaidCredits;
using Quartz;

namespace Portal.Jobs;

/// <summary>Covers usage by prepaid credits, and lets those expire whose time is over.</summary>
internal sealed class ConsumePrepaidCreditsJob(ConsumePrepaidCredits consume) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        _ = (await consume.RunAsync(JobCalls.For(context, "Brings the prepaid credits of every organisation up to date."), cancellationToken)).Value;
}
