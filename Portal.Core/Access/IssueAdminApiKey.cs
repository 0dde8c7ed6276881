using Microsoft.EntityFrameworkCore;
using Portal.Core.ApiKeys;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>A key for the admin API that has just been made. <paramref name="Secret"/> is shown this once.</summary>
public sealed record IssuedAdminApiKey(AdminApiKey Key, string Secret);

/// <summary>Makes a key for the admin API; it can do what its person can do on the platform.</summary>
public sealed class IssueAdminApiKey(IBillingStore store, TimeProvider clock)
{
    /// <summary>For oneself, or for anybody with <c>people:write</c>. Fails with <c>invalid</c> by field, or <c>not_found</c> for a person who is not active staff.</summary>
    public async Task<Result<IssuedAdminApiKey>> RunAsync(CallContext call, Guid userId, string name, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(name);
        var own = call.Actor is { Kind: ActorKind.User, Id: { } actor } && actor == userId;
        if (call.OrganisationId is not null || (!own && !call.May(Permissions.PeopleWrite)))
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        if (name.Trim().Length is 0 or > 100)
            return Failure.Invalid("name", "Give a name of 1 to 100 characters.");
        if (expiresAt <= now)
            return Failure.Invalid("expiresAt", "Give a time in the future, or nothing for a key that does not expire.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (!await db.RoleAssignments.AnyAsync(held => held.UserId == userId && held.OrganisationId == null && held.User!.IsActive, cancellationToken))
            return Failure.NotFound("member of staff");
        var secret = SecretKey.Create(SecretKey.AdminMark);
        var key = AdminApiKey.Issue(userId, name.Trim(), secret, expiresAt, now);
        db.AdminApiKeys.Add(key);
        db.Audit(call, new AuditRecord("admin_api_key.issued", "admin_api_key", key.Id, null, After: new { key.Prefix, key.Name, key.UserId, key.ExpiresAt }), now);
        await db.CommitAsync(cancellationToken);
        return new IssuedAdminApiKey(key, secret.Value);
    }
}
