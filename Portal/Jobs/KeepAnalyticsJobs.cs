using Portal.Core.Analytics;
using Quartz;

namespace Portal.Jobs;

/// <summary>Writes what has moved in monthly recurring revenue.</summary>
internal sealed class KeepMrrJob(KeepMrr keep, ILogger<KeepMrrJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var written = await keep.RunAsync(JobCalls.For(context, "Reckons the recurring revenue of every organisation."), cancellationToken);
        if (written > 0)
            Log.MrrMoved(logger, written);
    }
}

/// <summary>Keeps revenue and cohorts by month.</summary>
internal sealed class KeepAnalyticsJob(KeepRevenue keep) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await keep.RunAsync(JobCalls.For(context, "Sums the invoices of every organisation by month."), cancellationToken);
}
