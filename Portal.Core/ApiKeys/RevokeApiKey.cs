using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.ApiKeys;

/// <summary>Ends a key for good; every node refuses it within a second.</summary>
public sealed class RevokeApiKey(IBillingStore store, TimeProvider clock)
{
    /// <summary>Fails with <c>not_found</c>. Revoking a revoked key changes nothing and succeeds.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.KeysWrite))
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<ApiKey>(id, cancellationToken) is not { } key)
            return Failure.NotFound("key");
        if (key.RevokedAt is not null)
            return default(Unit);
        key.Revoke(now);
        db.Audit(call, new AuditRecord("api_key.revoked", "api_key", key.Id, key.OrganisationId, new { key.Prefix, key.Name }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
