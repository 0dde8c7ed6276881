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
    /// <summary>For oneself, or for anybody with <c>people:write</c>; <paramref name="scopes"/> keep it to some permissions, null to none in particular. Asks for <see cref="StepUp"/>. Fails with <c>invalid</c> by field, or <c>not_found</c> for a person who is not active staff.</summary>
    public async Task<Result<IssuedAdminApiKey>> RunAsync(CallContext call, Guid userId, string name, IReadOnlyList<string>? scopes, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(name);
        var own = call.Actor is { Kind: ActorKind.User, Id: { } actor } && actor == userId;
        if (call.OrganisationId is not null || (!own && !call.May(Permissions.PeopleWrite)))
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        if (StepUp.Check(call, now) is { } ask)
            return ask;
        if (name.Trim().Length is 0 or > 100)
            return Failure.Invalid("name", "Enter a name of 1 to 100 characters.");
        if (expiresAt <= now)
            return Failure.Invalid("expiresAt", "Enter a future time, or leave empty for no expiry.");
        if (scopes is not null && (scopes.Count == 0 || scopes.Except(Permissions.All, StringComparer.Ordinal).Any()))
            return Failure.Invalid("scopes", "Choose at least one permission, or give the key all of its owner's.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var held = await db.RoleAssignments.AsNoTracking().Include(row => row.Role).ThenInclude(role => role!.Permissions)
            .SingleOrDefaultAsync(row => row.UserId == userId && row.OrganisationId == null && row.User!.IsActive, cancellationToken);
        if (held is null)
            return Failure.NotFound("member of staff");
        // A key speaks for its person: nobody makes one that may do more than they.
        if (!own && RoleHolding.CheckGift(call, held.Role, null) is { } above)
            return above;
        var secret = SecretKey.Create(SecretKey.AdminMark);
        var key = AdminApiKey.Issue(userId, name.Trim(), secret, scopes is null ? null : [.. scopes.Distinct(StringComparer.Ordinal)], expiresAt, now);
        db.AdminApiKeys.Add(key);
        db.Audit(call, new AuditRecord("admin_api_key.issued", "admin_api_key", key.Id, null, After: new { key.Prefix, key.Name, key.UserId, key.Scopes, key.ExpiresAt }), now);
        await db.CommitAsync(cancellationToken);
        return new IssuedAdminApiKey(key, secret.Value);
    }
}
