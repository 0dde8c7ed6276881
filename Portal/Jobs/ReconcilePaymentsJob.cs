using Portal.Core.Payments;
using Quartz;

namespace Portal.Jobs;

/// <summary>Asks the provider about orders and payments whose outcome is still open.</summary>
internal sealed class ReconcilePaymentsJob(ReconcilePayments reconcile, ILogger<ReconcilePaymentsJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var report = await reconcile.RunAsync(JobCalls.For(context, "Asks the provider about the open payments of every organisation."), cancellationToken);
        if (!report.Succeeded)
            Log.ReconciliationFailed(logger, report.Failure.Code);
    }
}
