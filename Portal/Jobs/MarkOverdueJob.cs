using Portal.Core.Invoicing;
using Quartz;

namespace Portal.Jobs;

/// <summary>Marks invoices whose due date has passed.</summary>
internal sealed class MarkOverdueJob(MarkOverdueInvoices mark, ILogger<MarkOverdueJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var marked = await mark.RunAsync(JobCalls.For(context, "Marks the overdue invoices of every organisation."), cancellationToken);
        if (marked > 0)
            Log.MarkedOverdue(logger, marked);
    }
}
