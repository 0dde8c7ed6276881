using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Idempotency;

/// <summary>Forgets stored replies once they are older than what is promised: a day.</summary>
public sealed class PruneIdempotencyRecords(IBillingStore store, TimeProvider clock)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromHours(24);

    /// <summary>Returns how many were forgotten.</summary>
    public async Task<int> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var before = clock.GetUtcNow() - s_kept;
        var pruned = await db.IdempotencyRecords.Where(record => record.CreatedAt < before).ExecuteDeleteAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return pruned;
    }
}
