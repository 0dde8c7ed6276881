using Portal.Core.Idempotency;
using Quartz;

namespace Portal.Jobs;

/// <summary>Forgets the stored replies of requests that are older than their promise.</summary>
internal sealed class PruneIdempotencyJob(PruneIdempotencyRecords prune, ILogger<PruneIdempotencyJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var pruned = await prune.RunAsync(JobCalls.For(context, "Prunes idempotency records of every caller."), cancellationToken);
        if (pruned > 0)
            Log.IdempotencyPruned(logger, pruned);
    }
}
