using Microsoft.EntityFrameworkCore;
using Portal.Core.ApiKeys;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>A row of the list of admin keys; never the key itself.</summary>
public sealed record AdminApiKeyRow(
    Guid Id, Guid UserId, string Person, string Name, string Prefix, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, DateTimeOffset CreatedAt)
{
    public ApiKeyState StateAt(DateTimeOffset now) => RevokedAt is not null ? ApiKeyState.Revoked : ExpiresAt <= now ? ApiKeyState.Expired : ApiKeyState.Active;
}

/// <summary>Lists and revokes keys for the admin API: one's own, or everybody's with <c>people:read</c> and <c>people:write</c>.</summary>
public sealed class AdminApiKeys(IBillingStore store, TimeProvider clock)
{
    /// <summary>Searches name, public part and person; newest first.</summary>
    public async Task<Result<PagedList<AdminApiKeyRow>>> ListAsync(CallContext call, ListRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (call.Scope is AccessScope.Organisation)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rows = db.AdminApiKeys.AsNoTracking();
        if (!call.May(Permissions.PeopleRead))
            rows = rows.Where(row => row.UserId == call.Actor.Id);
        var named = rows.Join(db.Users, row => row.UserId, user => user.Id, (row, user) => new { Key = row, user.Email });
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            var pattern = LikePattern.Containing(request.Search);
            named = named.Where(row => EF.Functions.Like(row.Key.Name.ToLower(), pattern, @"\") || EF.Functions.Like(row.Key.Prefix.ToLower(), pattern, @"\") || EF.Functions.Like(row.Email!.ToLower(), pattern, @"\"));
        }

        var total = request.WithTotal ? await named.CountAsync(cancellationToken) : (int?)null;
        var fetched = await named.OrderByDescending(row => row.Key.Id).Skip(request.Skip).Take(request.Fetch)
            .Select(row => new AdminApiKeyRow(row.Key.Id, row.Key.UserId, row.Email!, row.Key.Name, row.Key.Prefix, row.Key.Scopes, row.Key.ExpiresAt, row.Key.RevokedAt, row.Key.LastUsedAt, row.Key.CreatedAt))
            .ToListAsync(cancellationToken);
        return PagedList<AdminApiKeyRow>.Cut(fetched, request, total);
    }

    /// <summary>In force at the next call. Fails with <c>not_found</c>; revoking a revoked key changes nothing.</summary>
    public async Task<Result<Unit>> RevokeAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Scope is AccessScope.Organisation)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<AdminApiKey>(id, cancellationToken) is not { } key || (key.UserId != call.Actor.Id && !call.May(Permissions.PeopleWrite)))
            return Failure.NotFound("key");
        if (key.RevokedAt is not null)
            return default(Unit);
        key.Revoke(now);
        db.Audit(call, new AuditRecord("admin_api_key.revoked", "admin_api_key", id, null, new { key.Prefix, key.Name, key.UserId }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
