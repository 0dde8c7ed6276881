using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.BillingRuns;

/// <summary>Says whether a run waits to be worked on, or to be taken over.</summary>
public sealed class FindWaitingBillingRun(IBillingStore store, IBillingRunQueue queue, TimeProvider clock)
{
    public async Task<bool> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await queue.IsWaitingAsync(db, clock.GetUtcNow(), cancellationToken);
    }
}
