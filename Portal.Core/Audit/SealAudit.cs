using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Audit;

/// <summary>Seals what was written to the audit log since the last time. May run on any number of nodes at once: the chain does not fork.</summary>
public sealed class SealAudit(IBillingStore store, IAuditChain chain, TimeProvider clock)
{
    // Bounds how long the end of the chain is locked.
    private const int Most = 1000;

    /// <summary>Jobs only. Answers how many rows were sealed, and where the chain ends now.</summary>
    public async Task<Result<SealedAudit>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Scope is not AccessScope.System)
            return Failure.Forbidden();
        var total = 0L;
        while (true)
        {
            await using var db = await store.OpenAsync(call.Scope, cancellationToken);
            var made = await chain.SealAsync(db, Most, clock.GetUtcNow(), cancellationToken);
            var head = await chain.HeadAsync(db, cancellationToken);
            await db.CommitAsync(cancellationToken);
            total += made;
            if (made < Most)
                return new SealedAudit(total, head);
        }
    }
}

/// <summary>What was sealed.</summary>
public sealed record SealedAudit(long Rows, AuditHead Head);
