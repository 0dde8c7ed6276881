using Npgsql;
using Portal.Data.Kernel;
using Quartz;

namespace Portal.Jobs;

/// <summary>Makes the partitions of the coming months ahead of their first event.</summary>
internal sealed class EnsureUsagePartitionsJob(NpgsqlDataSource database, TimeProvider clock, ILogger<EnsureUsagePartitionsJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var made = await DatabaseMigrator.EnsurePartitionsAsync(database, clock.GetUtcNow(), cancellationToken);
        if (made > 0)
            Log.PartitionsMade(logger, made);
    }
}
