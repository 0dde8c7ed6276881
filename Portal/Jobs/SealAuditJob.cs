using Portal.Core.Audit;
using Quartz;

namespace Portal.Jobs;

/// <summary>Seals what was written to the audit log. The end of the chain goes to the node's own log: a witness outside of the database.</summary>
internal sealed class SealAuditJob(SealAudit seal, ILogger<SealAuditJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var made = (await seal.RunAsync(JobCalls.For(context, "Seals the audit rows of every organisation."), cancellationToken)).Value;
        if (made.Rows > 0)
            Log.AuditSealed(logger, made.Rows, made.Head.Position, made.Head.Hash);
    }
}
