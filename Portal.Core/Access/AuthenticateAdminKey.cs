using Microsoft.EntityFrameworkCore;
using Portal.Core.ApiKeys;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>Who an admin key speaks for.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Prefix">Its public part, for the audit log.</param>
/// <param name="Person">Its person, with what they may do now.</param>
public sealed record AdminKeyIdentity(Guid KeyId, string Prefix, PersonAccess Person);

/// <summary>Finds out who a presented <c>bka_</c> key speaks for.</summary>
public sealed class AuthenticateAdminKey(IBillingStore store, TimeProvider clock)
{
    private static readonly AccessScope s_scope = new AccessScope.System("Whose key it is is read before a scope is known");
    private static readonly TimeSpan s_usedEvery = TimeSpan.FromMinutes(1);

    /// <summary>Null for a key that is malformed, unknown, revoked or expired, or whose person is no longer active staff: callers can't tell which.</summary>
    public async Task<AdminKeyIdentity?> RunAsync(string presented, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(presented);
        if (!SecretKey.IsWellFormed(presented, SecretKey.AdminMark))
            return null;
        var now = clock.GetUtcNow();
        var hash = SecretKey.HashOf(presented);
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var key = await db.AdminApiKeys.AsNoTracking().SingleOrDefaultAsync(row => row.KeyHash == hash, cancellationToken);
        if (key is null || !key.IsUsableAt(now))
            return null;
        if (await GetAccess.ReadAsync(db, key.UserId, now, cancellationToken) is not { IsActive: true, IsStaff: true } person)
            return null;
        if (key.LastUsedAt is null || now - key.LastUsedAt >= s_usedEvery)
        {
            await db.AdminApiKeys.Where(row => row.Id == key.Id).ExecuteUpdateAsync(row => row.SetProperty(column => column.LastUsedAt, now), cancellationToken);
            await db.CommitAsync(cancellationToken);
        }

        if (key.Scopes is { } scopes)
            person = person with { PlatformPermissions = person.PlatformPermissions.Intersect(scopes, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal) };
        return new AdminKeyIdentity(key.Id, key.Prefix, person);
    }
}
