using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>One of a person's passkeys.</summary>
/// <param name="Id">The credential's id, Base64url.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="IsBackedUp">It is kept by a password manager and not on one device alone.</param>
public sealed record PasskeyRow(string Id, string Name, DateTimeOffset CreatedAt, bool IsBackedUp);

/// <summary>
/// Passkeys (WebAuthn) that a person signs in with in place of the password. They stand for the first step: who has two steps is asked for the
/// code all the same.
/// </summary>
public sealed class Passkeys(IBillingStore store, TimeProvider clock)
{
    /// <summary>So many a person may have.</summary>
    public const int Most = 10;

    /// <summary>So long a name may be.</summary>
    public const int LongestName = 60;

    private static readonly AccessScope s_scope = new AccessScope.System("What a person signs in with belongs to no organisation");

    /// <summary>Those of the person who asks, oldest first.</summary>
    public async Task<Result<IReadOnlyList<PasskeyRow>>> ListAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var keys = await db.Passkeys.AsNoTracking().Where(key => key.UserId == userId).ToListAsync(cancellationToken);
        return keys.OrderBy(key => key.Data.CreatedAt)
            .Select(key => new PasskeyRow(Id(key.CredentialId), key.Data.Name ?? "Passkey", key.Data.CreatedAt, key.Data.IsBackedUp)).ToList();
    }

    /// <summary>Whether the person who asks may add one now. Asks for <see cref="StepUp"/>; fails with <c>too_many</c>.</summary>
    public async Task<Result<User>> MayAddAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        return await MayAddAsync(db, call, cancellationToken);
    }

    /// <summary>Keeps one that was just proved to be the person's. Asks for <see cref="StepUp"/>; fails with <c>too_many</c>, <c>known</c>, or <c>invalid</c> for the name.</summary>
    public async Task<Result<Unit>> AddAsync(CallContext call, UserPasskeyInfo made, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(made);
        if (CheckName(name) is { } wrong)
            return wrong;
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var may = await MayAddAsync(db, call, cancellationToken);
        if (!may.Succeeded)
            return may.Failure;
        if (await db.Passkeys.AnyAsync(key => key.CredentialId == made.CredentialId, cancellationToken))
            return Failure.Conflict("known", "This passkey is already in use.");
        db.Passkeys.Add(new IdentityUserPasskey<Guid>
        {
            UserId = may.Value.Id,
            CredentialId = made.CredentialId,
            Data = new IdentityPasskeyData
            {
                Name = name.Trim(),
                CreatedAt = clock.GetUtcNow(),
                PublicKey = made.PublicKey,
                SignCount = made.SignCount,
                Transports = made.Transports,
                IsUserVerified = made.IsUserVerified,
                IsBackupEligible = made.IsBackupEligible,
                IsBackedUp = made.IsBackedUp,
                AttestationObject = made.AttestationObject,
                ClientDataJson = made.ClientDataJson,
            },
        });
        db.Audit(call, new AuditRecord("passkey.added", "user", may.Value.Id, null, After: new { Name = name.Trim() }), clock.GetUtcNow());
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }

    /// <summary>Fails with <c>not_found</c>, or <c>invalid</c> for the name.</summary>
    public async Task<Result<Unit>> RenameAsync(CallContext call, string id, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (CheckName(name) is { } wrong)
            return wrong;
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        if (await FindAsync(db, call, id, cancellationToken) is not { } key)
            return Failure.NotFound("passkey");
        var before = key.Data.Name;
        key.Data.Name = name.Trim();
        db.Audit(call, new AuditRecord("passkey.renamed", "user", key.UserId, null, new { Name = before }, new { key.Data.Name }), clock.GetUtcNow());
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }

    /// <summary>It signs nobody in any more. Asks for <see cref="StepUp"/>; fails with <c>not_found</c>.</summary>
    public async Task<Result<Unit>> RemoveAsync(CallContext call, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var now = clock.GetUtcNow();
        if (StepUp.Check(call, now) is { } ask)
            return ask;
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        if (await FindAsync(db, call, id, cancellationToken) is not { } key)
            return Failure.NotFound("passkey");
        db.Passkeys.Remove(key);
        db.Audit(call, new AuditRecord("passkey.removed", "user", key.UserId, null, new { key.Data.Name }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }

    // Two that are added at once wait for each other at the person's row.
    private async Task<Result<User>> MayAddAsync(IBillingDb db, CallContext call, CancellationToken cancellationToken)
    {
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        if (StepUp.Check(call, clock.GetUtcNow()) is { } ask)
            return ask;
        var user = (await db.LockAsync<User>(userId, cancellationToken))!;
        return await db.Passkeys.CountAsync(key => key.UserId == userId, cancellationToken) < Most
            ? user
            : Failure.Conflict("too_many", $"You already have {Most} passkeys. Remove one first.");
    }

    private static async Task<IdentityUserPasskey<Guid>?> FindAsync(IBillingDb db, CallContext call, string id, CancellationToken cancellationToken)
    {
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId } || Credential(id) is not { } credential)
            return null;
        return await db.Passkeys.SingleOrDefaultAsync(key => key.UserId == userId && key.CredentialId == credential, cancellationToken);
    }

    private static Failure? CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Trim().Length is 0 or > LongestName ? Failure.Invalid("name", $"Enter a name of 1 to {LongestName} characters.") : null;
    }

    private static string Id(byte[] credential) => System.Buffers.Text.Base64Url.EncodeToString(credential);

    private static byte[]? Credential(string id)
    {
        try
        {
            return System.Buffers.Text.Base64Url.DecodeFromChars(id);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
