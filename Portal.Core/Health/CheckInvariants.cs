using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Health;

/// <summary>Looks at every invariant, one after the other, each in a session of its own. Staff only.</summary>
public sealed class CheckInvariants(IBillingStore store, IInvariantProbe probe, TimeProvider clock)
{
    /// <summary>The results in order; all of them, also where some don't hold.</summary>
    public async Task<Result<IReadOnlyList<InvariantResult>>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SystemRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var results = new List<InvariantResult>(probe.Invariants.Count);
        foreach (var invariant in probe.Invariants)
        {
            await using var db = await store.OpenAsync(call.Scope, cancellationToken);
            results.Add(await probe.CheckAsync(db, invariant, clock.GetUtcNow(), cancellationToken));
        }

        return results;
    }
}
