using Portal.Core.BillingRuns;
using Quartz;

namespace Portal.Jobs;

/// <summary>Starts the billing run of the month that has ended.</summary>
internal sealed class StartMonthlyBillingJob(StartMonthlyBilling start, ILogger<StartMonthlyBillingJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var started = await start.RunAsync(JobCalls.For(context, "Starts the monthly billing of every organisation."), cancellationToken);
        if (!started.Succeeded)
            Log.MonthlyBillingNotStarted(logger, started.Failure.Code);
        else if (started.Value is { } run)
            Log.MonthlyBillingStarted(logger, run.Month);
    }
}
