using Portal.Core.Metering;
using Quartz;

namespace Portal.Jobs;

/// <summary>Recomputes the kept sums of all usage that may still change, and says loudly when one differs from its events. Nothing is mended: a person looks first.</summary>
internal sealed class CheckUsageDriftJob(CheckUsageDrift check, TimeProvider clock, ILogger<CheckUsageDriftJob> logger) : IJob
{
    // Older usage is refused at the intake by default.
    private static readonly TimeSpan s_span = TimeSpan.FromDays(35);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        var result = await check.RunAsync(JobCalls.For(context, "Compares the sums of every organisation with their events."), new Period(now - s_span, now), cancellationToken);
        if (!result.Succeeded)
            Log.DriftNotChecked(logger, result.Failure.Code);
        else if (result.Value.IsClean)
            Log.NoDrift(logger, result.Value.Buckets, result.Value.Months);
        else
            Log.Drift(logger, result.Value.Different, result.Value.Examples[0]);
    }
}
