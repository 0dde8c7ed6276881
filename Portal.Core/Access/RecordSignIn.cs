using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>How a try to sign in ended, for a person who exists.</summary>
public enum SignInOutcome
{
    SignedIn,
    WrongPassword,

    /// <summary>The password was right, the second step was not.</summary>
    WrongCode,

    /// <summary>The tries are used up for a while.</summary>
    LockedOut,

    /// <summary>The person is deactivated.</summary>
    Inactive,
}

/// <summary>Writes tries to sign in into the audit log.</summary>
public sealed class RecordSignIn(IBillingStore store, TimeProvider clock)
{
    public async Task RunAsync(CallContext call, SignInOutcome outcome, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var action = outcome switch
        {
            SignInOutcome.SignedIn => "user.signed_in",
            SignInOutcome.WrongPassword => "user.sign_in_failed",
            SignInOutcome.WrongCode => "user.sign_in_code_failed",
            SignInOutcome.LockedOut => "user.locked_out",
            SignInOutcome.Inactive => "user.sign_in_refused",
        };
        await using var db = await store.OpenAsync(new AccessScope.System("Signing in belongs to no organisation"), cancellationToken);
        var now = clock.GetUtcNow();
        db.Audit(call, new AuditRecord(action, "user", call.Actor.Id!.Value, null), now);
        await db.CommitAsync(cancellationToken);
    }
}
