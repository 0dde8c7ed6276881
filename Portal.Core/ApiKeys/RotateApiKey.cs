using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.ApiKeys;

/// <summary>Replaces a key: a new one with the same name, scopes, limit and expiry; the old one stays good for the overlap.</summary>
public sealed class RotateApiKey(IBillingStore store, TimeProvider clock)
{
    /// <summary>The longest overlap, in minutes: 30 days.</summary>
    public const int LongestOverlapMinutes = 30 * 24 * 60;

    /// <summary>Fails with <c>not_found</c>, <c>invalid</c>, or <c>key_not_usable</c> when it is revoked, expired or was rotated before.</summary>
    public async Task<Result<IssuedApiKey>> RunAsync(CallContext call, Guid id, int overlapMinutes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.KeysWrite))
            return Failure.Forbidden();
        if (overlapMinutes is < 0 or > LongestOverlapMinutes)
            return Failure.Invalid("overlapMinutes", "Enter 0 to 43,200 minutes (30 days).");
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<ApiKey>(id, cancellationToken) is not { } old)
            return Failure.NotFound("key");
        if (!old.IsUsableAt(now) || old.RotatedToId is not null)
            return Failure.Conflict("key_not_usable", "The key is revoked, expired or already rotated. Create a new one instead.");
        var secret = SecretKey.Create(SecretKey.ProjectMark);
        var key = ApiKey.Issue(new ApiKeyIssue(old.OrganisationId, old.ProjectId, old.Name, old.Scopes, old.RateLimitPerHour, old.ExpiresAt), secret, now);
        var until = now.AddMinutes(overlapMinutes);
        old.RotateTo(key, until);
        db.ApiKeys.Add(key);
        db.Audit(call, new AuditRecord("api_key.rotated", "api_key", old.Id, old.OrganisationId, new { old.Prefix }, new { key.Prefix, OldKeyGoodUntil = old.ExpiresAt }), now);
        await db.CommitAsync(cancellationToken);
        return new IssuedApiKey(key, secret.Value);
    }
}
