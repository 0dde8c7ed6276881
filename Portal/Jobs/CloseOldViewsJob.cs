using Portal.Core.Organisations;
using Quartz;

namespace Portal.Jobs;

/// <summary>Writes down the end of staff's views of customers' portals that ran out.</summary>
internal sealed class CloseOldViewsJob(CloseOldViews close) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await close.RunAsync(JobCalls.For(context, "Ends views of every organisation."), cancellationToken);
}
