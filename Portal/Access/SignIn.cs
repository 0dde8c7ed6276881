using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Portal.Core.Access;

namespace Portal.Access;

/// <summary>
/// Checks mail address and password and begins a session. Whoever is refused learns nothing about why: the same answer, after the same work, for
/// an unknown address, a wrong password, a lock-out and a deactivated person.
/// </summary>
internal sealed class SignIn(
    UserManager<User> users, SignInManager<User> sessions, IPasswordHasher<User> hasher, RecordSignIn record, CallOrigin origin, TimeProvider clock, ILogger<SignIn> logger)
{
    // A hash of a password that nobody has, made by the same hasher, so that refusing without a person takes as long.
    private static string? s_decoy;

    // Longer than checking a password takes, so that the clock tells nothing either.
    private static readonly TimeSpan s_refusalTakes = TimeSpan.FromMilliseconds(500);

    /// <summary>True: the session's cookie goes out with this response.</summary>
    public async Task<bool> RunAsync(string email, string password, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        if (await TryAsync(email, password, cancellationToken))
            return true;
        if (s_refusalTakes - clock.GetElapsedTime(started) is { Ticks: > 0 } rest)
            await Task.Delay(rest, clock, cancellationToken);
        return false;
    }

    /// <summary>Ends the session of this request.</summary>
    public async Task EndAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (person.PersonId() is { } id && await users.FindByIdAsync(id.ToString()) is { } user)
            await record.RunAsync(Call(user), SignInOutcome.SignedOut, cancellationToken);
        await sessions.SignOutAsync();
    }

    private async Task<bool> TryAsync(string email, string password, CancellationToken cancellationToken)
    {
        if (await users.FindByNameAsync(email.Trim()) is not { } user)
        {
            Decoy(password);
            Log.SignInUnknown(logger);
            return false;
        }

        var outcome = await CheckAsync(user, password);
        await record.RunAsync(Call(user), outcome, cancellationToken);
        if (outcome != SignInOutcome.SignedIn)
        {
            Log.SignInRefused(logger, user.Id, outcome);
            return false;
        }

        await sessions.SignInWithClaimsAsync(user, isPersistent: false, [PersonClaims.SignedInNow(clock.GetUtcNow())]);
        Log.SignedIn(logger, user.Id);
        return true;
    }

    private async Task<SignInOutcome> CheckAsync(User user, string password)
    {
        if (!user.IsActive)
        {
            Decoy(password);
            return SignInOutcome.Inactive;
        }

        if (await users.IsLockedOutAsync(user))
        {
            Decoy(password);
            return SignInOutcome.LockedOut;
        }

        // Counts the failure and locks, by the limits of AccessOptions.
        var result = await sessions.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        return result.Succeeded ? SignInOutcome.SignedIn : result.IsLockedOut ? SignInOutcome.LockedOut : SignInOutcome.WrongPassword;
    }

    private void Decoy(string password)
    {
        var nobody = User.Create("nobody@example.com", "", clock.GetUtcNow());
        s_decoy ??= hasher.HashPassword(nobody, "a password that nobody has");
        _ = hasher.VerifyHashedPassword(nobody, s_decoy, password);
    }

    private CallContext Call(User user) => CallContext.System("sign-in", "Signing in belongs to no organisation") with
    {
        Actor = new Actor(ActorKind.User, user.Id, user.Email!),
        IpAddress = origin.IpAddress,
        UserAgent = origin.UserAgent,
        CorrelationId = Activity.Current?.TraceId.ToString() ?? Guid.CreateVersion7(clock.GetUtcNow()).ToString("n"),
    };
}
