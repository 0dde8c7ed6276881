using Microsoft.AspNetCore.Identity;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>Asks a person who is signed in for their password again, and for a code where they have two steps; see <see cref="StepUp"/>.</summary>
public sealed class ConfirmIdentity(IBillingStore store, IPasswordHasher<User> hasher, SecondFactor secondFactor, LockoutRules lockout, TimeProvider clock)
{
    private static readonly AccessScope s_scope = new AccessScope.System("What a person signs in with belongs to no organisation");

    /// <summary>From then on the session counts as confirmed. Fails with <c>invalid</c> by field, <c>locked</c> after too many tries, or <c>forbidden</c> without a session.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, string password, string? code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(password);
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId } || call.SessionId is not { } sessionId)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var user = (await db.LockAsync<User>(userId, cancellationToken))!;
        if (await db.LockAsync<UserSession>(sessionId, cancellationToken) is not { EndedAt: null } session || session.UserId != userId)
            return Failure.Forbidden();
        var failure = CheckPassword(user, password, now);
        if (failure is null && user.TwoFactorEnabled && await secondFactor.CheckAsync(db, user, code ?? "", cancellationToken) is var outcome and not SignInOutcome.SignedIn)
            failure = outcome == SignInOutcome.WrongCode ? SecondFactor.WrongCode() : Locked();
        if (failure is null)
            session.Confirm(now);
        db.Audit(call, new AuditRecord(failure is null ? "user.confirmed" : "user.confirm_failed", "user", userId, null), now);
        await db.CommitAsync(cancellationToken);
        return failure is null ? Result<Unit>.From(default(Unit)) : failure;
    }

    /// <summary>Null when it is the person's. Wrong ones are counted; save the person either way.</summary>
    internal Failure? CheckPassword(User user, string password, DateTimeOffset now)
    {
        if (user.IsLockedAt(now))
            return Locked();
        if (user.PasswordHash is { } hash && password.Length <= PasswordRules.LongestLength && hasher.VerifyHashedPassword(user, hash, password) != PasswordVerificationResult.Failed)
        {
            user.AccessFailedCount = 0;
            return null;
        }

        return user.Fail(lockout, now) ? Locked() : Failure.Invalid("currentPassword", "This is not your password.", "wrong_password");
    }

    private static Failure Locked() => Failure.Conflict("locked", "Too many wrong attempts. Wait five minutes, then try again.");
}
