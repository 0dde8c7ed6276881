using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Audit;

/// <summary>How the audit log's chain stands.</summary>
/// <param name="Head">Where it ends, and how much waits.</param>
/// <param name="Last">The last verification; null before the first.</param>
public sealed record AuditChainState(AuditHead Head, AuditVerification? Last);

/// <summary>Reads how far the audit log is sealed and when it was last verified.</summary>
public sealed class GetAuditChain(IBillingStore store, IAuditChain chain)
{
    /// <summary>Needs <c>audit:read</c>, as staff.</summary>
    public async Task<Result<AuditChainState>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.AuditRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var head = await chain.HeadAsync(db, cancellationToken);
        var last = await db.AuditLog.AsNoTracking().Where(entry => entry.EntityId == VerifyAudit.ChainId && entry.Action == VerifyAudit.Action).OrderByDescending(entry => entry.Id).FirstOrDefaultAsync(cancellationToken);
        return new AuditChainState(head, last is null ? null : Read(last));
    }

    private static AuditVerification Read(AuditEntry entry)
    {
        var facts = AuditJson.Read<VerificationFacts>(entry.After!);
        return new AuditVerification(entry.CreatedAt, entry.ActorName, facts.Looked, facts.Position, facts.Hash, facts.Holds, facts.Flaws);
    }
}
