using Microsoft.AspNetCore.Identity;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>Gives a person who is signed in another password. Their other sessions end.</summary>
public sealed class ChangePassword(IBillingStore store, IPasswordHasher<User> hasher, ConfirmIdentity confirm, TimeProvider clock)
{
    private static readonly AccessScope s_scope = new AccessScope.System("What a person signs in with belongs to no organisation");

    /// <summary>Fails with <c>invalid</c> by field, or <c>locked</c> after too many wrong tries.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, string currentPassword, string newPassword, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var user = (await db.LockAsync<User>(userId, cancellationToken))!;
        if (PasswordRules.Check(newPassword, user.Email!) is { } weak)
            return weak with { Field = "newPassword" };
        if (confirm.CheckPassword(user, currentPassword, now) is { } refused)
        {
            db.Audit(call, new AuditRecord("user.confirm_failed", "user", userId, null), now);
            await db.CommitAsync(cancellationToken);
            return refused;
        }

        user.PasswordHash = hasher.HashPassword(user, newPassword);
        var ended = await Sessions.EndAllAsync(db, userId, call.SessionId, now, cancellationToken);
        db.Audit(call, new AuditRecord("password.changed", "user", userId, null, After: new { SessionsEnded = ended }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
