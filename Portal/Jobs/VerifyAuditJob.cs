using Portal.Core.Audit;
using Quartz;

namespace Portal.Jobs;

/// <summary>Looks at the whole chain of the audit log, and says loudly when somebody was at it.</summary>
internal sealed class VerifyAuditJob(VerifyAudit verify, ILogger<VerifyAuditJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var found = (await verify.RunAsync(JobCalls.For(context, "Reads the audit rows of every organisation."), cancellationToken)).Value;
        if (found.Holds)
            Log.AuditHolds(logger, found.Looked, found.Position, found.Hash);
        else
            Log.AuditBroken(logger, found.Flaws.Count, found.Flaws[0]);
    }
}
