using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>An authenticator app that is to be set up. <paramref name="Address"/> is what its QR code says.</summary>
public sealed record TwoFactorSetup(string Key, string Address);

/// <summary>How a person's second factor stands.</summary>
/// <param name="IsOn">Codes are asked for.</param>
/// <param name="RecoveryCodesLeft">So many have not been used.</param>
public sealed record TwoFactorState(bool IsOn, int RecoveryCodesLeft);

/// <summary>Two-step verification: codes of an authenticator app, none of which counts twice, and recovery codes for who has lost it.</summary>
public sealed class SecondFactor(IBillingStore store, ISecretSeal seal, LockoutRules lockout, TimeProvider clock)
{
    private const string Issuer = "Billing Portal";
    private static readonly AccessScope s_scope = new AccessScope.System("What a person signs in with belongs to no organisation");

    /// <summary>A fresh key; nothing is stored before a code of it was given.</summary>
    public static TwoFactorSetup Prepare(string email)
    {
        var key = Totp.NewKey();
        return new TwoFactorSetup(key, Totp.Address(key, email, Issuer));
    }

    /// <summary>Of the person who asks.</summary>
    public async Task<Result<TwoFactorState>> StateAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var isOn = await db.Users.Where(row => row.Id == userId).Select(row => row.TwoFactorEnabled).SingleAsync(cancellationToken);
        return new TwoFactorState(isOn, await db.RecoveryCodes.CountAsync(row => row.UserId == userId && row.UsedAt == null, cancellationToken));
    }

    /// <summary>
    /// Asks for codes from now on, and answers with the recovery codes, which are shown this once. Asks for <see cref="StepUp"/>. Fails with
    /// <c>wrong_code</c>, or <c>already_on</c>.
    /// </summary>
    public async Task<Result<IReadOnlyList<string>>> TurnOnAsync(CallContext call, string key, string code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var now = clock.GetUtcNow();
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        if (StepUp.Check(call, now) is { } ask)
            return ask;
        if (Totp.Match(key, code, null, now) is not { } step)
            return WrongCode();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var user = (await db.LockAsync<User>(userId, cancellationToken))!;
        if (user.TwoFactorEnabled)
            return Failure.Conflict("already_on", "Two-factor authentication is already on.");
        user.TurnOnTwoFactor(seal.Seal(key), step);
        var codes = await NewCodesAsync(db, userId, now, cancellationToken);
        await Sessions.EndAllAsync(db, userId, call.SessionId, now, cancellationToken);
        db.Audit(call, new AuditRecord("two_factor.turned_on", "user", userId, null), now);
        await db.CommitAsync(cancellationToken);
        return Result<IReadOnlyList<string>>.From(codes);
    }

    /// <summary>Asks for <see cref="StepUp"/>. Turning off what is off changes nothing.</summary>
    public async Task<Result<Unit>> TurnOffAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Actor is { Kind: ActorKind.User, Id: { } userId } ? await TurnOffAsync(call, userId, cancellationToken) : Failure.Forbidden();
    }

    /// <summary>For somebody who has lost app and codes. Staff with <c>people:write</c>; asks for <see cref="StepUp"/>. Their sessions end.</summary>
    public async Task<Result<Unit>> TurnOffForAsync(CallContext call, Guid userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.May(Permissions.PeopleWrite) && call.OrganisationId is null ? await TurnOffAsync(call, userId, cancellationToken) : Failure.Forbidden();
    }

    /// <summary>New recovery codes; the ones before are dead. Asks for <see cref="StepUp"/>. Fails with <c>not_on</c>.</summary>
    public async Task<Result<IReadOnlyList<string>>> RenewCodesAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var now = clock.GetUtcNow();
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        if (StepUp.Check(call, now) is { } ask)
            return ask;
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var user = (await db.LockAsync<User>(userId, cancellationToken))!;
        if (!user.TwoFactorEnabled)
            return Failure.Conflict("not_on", "Two-factor authentication is off.");
        var codes = await NewCodesAsync(db, userId, now, cancellationToken);
        db.Audit(call, new AuditRecord("recovery_codes.renewed", "user", userId, null), now);
        await db.CommitAsync(cancellationToken);
        return Result<IReadOnlyList<string>>.From(codes);
    }

    /// <summary>Checks a code of the app, or a recovery code, and uses it up. Wrong ones count as wrong passwords do.</summary>
    public async Task<SignInOutcome> CheckAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        if (await db.LockAsync<User>(userId, cancellationToken) is not { } user)
            return SignInOutcome.WrongCode;
        var outcome = await CheckAsync(db, user, code, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return outcome;
    }

    /// <summary>As above, on a person that the session has locked.</summary>
    internal async Task<SignInOutcome> CheckAsync(IBillingDb db, User user, string code, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!user.IsActive)
            return SignInOutcome.Inactive;
        if (user.IsLockedAt(now))
            return SignInOutcome.LockedOut;
        if (user is not { TwoFactorEnabled: true, TotpKey: { } sealedKey })
            return SignInOutcome.WrongCode;
        if (seal.Open(sealedKey) is { } key && Totp.Match(key, code, user.TotpLastStep, now) is { } step)
        {
            user.UseStep(step);
            user.AccessFailedCount = 0;
            return SignInOutcome.SignedIn;
        }

        var hash = RecoveryCode.HashOf(code);
        if (await db.RecoveryCodes.SingleOrDefaultAsync(row => row.UserId == user.Id && row.Hash == hash && row.UsedAt == null, cancellationToken) is { } spare)
        {
            spare.Use(now);
            user.AccessFailedCount = 0;
            return SignInOutcome.SignedIn;
        }

        return user.Fail(lockout, now) ? SignInOutcome.LockedOut : SignInOutcome.WrongCode;
    }

    internal static Failure WrongCode() => Failure.Invalid("code", "This code is wrong or expired. Wait for the next one, and check your phone's clock.", "wrong_code");

    private async Task<Result<Unit>> TurnOffAsync(CallContext call, Guid userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (StepUp.Check(call, now) is { } ask)
            return ask;
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        if (await db.LockAsync<User>(userId, cancellationToken) is not { } user)
            return Failure.NotFound("person");
        if (!user.TwoFactorEnabled)
            return default(Unit);
        user.TurnOffTwoFactor();
        await db.RecoveryCodes.Where(row => row.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await Sessions.EndAllAsync(db, userId, call.SessionId, now, cancellationToken);
        db.Audit(call, new AuditRecord("two_factor.turned_off", "user", userId, null), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }

    private static async Task<List<string>> NewCodesAsync(IBillingDb db, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await db.RecoveryCodes.Where(row => row.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        var made = Enumerable.Range(0, RecoveryCode.Count).Select(_ => RecoveryCode.Make(userId, now)).ToList();
        db.RecoveryCodes.AddRange(made.Select(one => one.Row));
        return [.. made.Select(one => one.Code)];
    }
}
