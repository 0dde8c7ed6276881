using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Invoicing;

/// <summary>Marks every open invoice whose due date has passed. May run at any time, twice and at once.</summary>
public sealed class MarkOverdueInvoices(IBillingStore store, IInvoiceBulk bulk, TimeProvider clock)
{
    private const int BatchSize = 500;

    /// <summary>Returns how many were marked.</summary>
    public async Task<int> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var marked = 0;
        while (true)
        {
            await using var db = await store.OpenAsync(call.Scope, cancellationToken);
            var now = await bulk.MarkOverdueAsync(db, call, BatchSize, clock.GetUtcNow(), cancellationToken);
            await db.CommitAsync(cancellationToken);
            marked += now;
            if (now < BatchSize)
                return marked;
        }
    }
}
