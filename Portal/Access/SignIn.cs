using System.Diagnostics;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Core.Access;

namespace Portal.Access;

/// <summary>What became of the first step.</summary>
internal enum SignInStep
{
    Refused,

    /// <summary>The session's cookie goes out with this response.</summary>
    Done,

    /// <summary>A code is to be given next; a cookie for five minutes remembers who it is.</summary>
    NeedsCode,
}

/// <summary>
/// Checks mail address and password and begins a session. Whoever is refused learns nothing about why: the same answer, after the same work, for
/// an unknown address, a wrong password, a lock-out and a deactivated person.
/// </summary>
internal sealed class SignIn(
    UserManager<User> users, SignInManager<User> cookies, IPasswordHasher<User> hasher, RecordSignIn record, Sessions sessions, SecondFactor secondFactor,
    IHttpContextAccessor requests, CallOrigin origin, IOptions<AccessOptions> options, TimeProvider clock, ILogger<SignIn> logger)
{
    // A hash of a password that nobody has, made by the same hasher, so that refusing without a person takes as long.
    private static string? s_decoy;

    // Longer than checking a password takes, so that the clock tells nothing either.
    private static readonly TimeSpan s_refusalTakes = TimeSpan.FromMilliseconds(500);

    /// <summary>The first step: address and password.</summary>
    public async Task<SignInStep> RunAsync(string email, string password, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var step = await TryAsync(email, password, cancellationToken);
        if (step == SignInStep.Refused)
            await TakeTheTimeAsync(started, cancellationToken);
        return step;
    }

    /// <summary>A passkey in place of address and password; its challenge is in a cookie of this request.</summary>
    /// <param name="credential">What the browser answered, JSON.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<SignInStep> RunByPasskeyAsync(string credential, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var step = await TryPasskeyAsync(credential, cancellationToken);
        if (step == SignInStep.Refused)
            await TakeTheTimeAsync(started, cancellationToken);
        return step;
    }

    /// <summary>True between the two steps.</summary>
    public async Task<bool> WaitsForCodeAsync() => await WaitingAsync() is not null;

    /// <summary>The second step: a code of the app, or a recovery code. True: the session's cookie goes out with this response.</summary>
    public async Task<bool> RunAsync(string code, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        if (await WaitingAsync() is not { } user)
            return false;
        var outcome = await secondFactor.CheckAsync(user.Id, code, cancellationToken);
        if (outcome == SignInOutcome.SignedIn)
        {
            await requests.HttpContext!.SignOutAsync(AccessSetup.SecondStepScheme);
            await BeginAsync(user, cancellationToken);
            return true;
        }

        await record.RunAsync(Call(user), outcome, cancellationToken);
        Log.SecondStepRefused(logger, user.Id, outcome);
        await TakeTheTimeAsync(started, cancellationToken);
        return false;
    }

    /// <summary>Begins the session of somebody who has just proved who they are in another way.</summary>
    public async Task BeginAsync(User user, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var session = await sessions.BeginAsync(Call(user), TimeSpan.FromHours(options.Value.AbsoluteHours), cancellationToken);
        await cookies.SignInWithClaimsAsync(user, isPersistent: false, [PersonClaims.SignedInNow(now), new Claim(PersonClaims.Session, session.Id.ToString())]);
        Log.SignedIn(logger, user.Id);
    }

    /// <summary>Ends the session of this request.</summary>
    public async Task EndAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (person.PersonId() is { } id && person.SessionId() is { } session && await users.FindByIdAsync(id.ToString()) is { } user)
            await sessions.EndAsync(Call(user) with { SessionId = session }, session, cancellationToken);
        await cookies.SignOutAsync();
    }

    private async Task TakeTheTimeAsync(long started, CancellationToken cancellationToken)
    {
        if (s_refusalTakes - clock.GetElapsedTime(started) is { Ticks: > 0 } rest)
            await Task.Delay(rest, clock, cancellationToken);
    }

    private async Task<User?> WaitingAsync()
    {
        var ticket = await requests.HttpContext!.AuthenticateAsync(AccessSetup.SecondStepScheme);
        // Somebody whose password was changed in between begins again.
        return ticket.Principal?.PersonId() is { } id && await users.FindByIdAsync(id.ToString()) is { IsActive: true } user
            && ticket.Principal.FindFirstValue(ClaimTypes.Hash) == user.SecurityStamp ? user : null;
    }

    private async Task<SignInStep> TryAsync(string email, string password, CancellationToken cancellationToken)
    {
        if (await users.FindByNameAsync(email.Trim()) is not { } user)
        {
            Decoy(password);
            Log.SignInUnknown(logger);
            return SignInStep.Refused;
        }

        var outcome = await CheckAsync(user, password);
        if (outcome != SignInOutcome.SignedIn)
        {
            await record.RunAsync(Call(user), outcome, cancellationToken);
            Log.SignInRefused(logger, user.Id, outcome);
            return SignInStep.Refused;
        }

        return await AfterFirstStepAsync(user, cancellationToken);
    }

    private async Task<SignInStep> TryPasskeyAsync(string credential, CancellationToken cancellationToken)
    {
        if (await AssertAsync(credential) is not { Succeeded: true } proof)
        {
            Log.PasskeyRefused(logger);
            return SignInStep.Refused;
        }

        var user = proof.User;
        var outcome = !user.IsActive || !user.EmailConfirmed ? SignInOutcome.Inactive : await users.IsLockedOutAsync(user) ? SignInOutcome.LockedOut : SignInOutcome.SignedIn;
        if (outcome != SignInOutcome.SignedIn)
        {
            await record.RunAsync(Call(user), outcome, cancellationToken);
            Log.SignInRefused(logger, user.Id, outcome);
            return SignInStep.Refused;
        }

        // Its count of uses, by which a copy is found out.
        await users.AddOrUpdatePasskeyAsync(user, proof.Passkey);
        return await AfterFirstStepAsync(user, cancellationToken);
    }

    private async Task<PasskeyAssertionResult<User>?> AssertAsync(string credential)
    {
        try
        {
            return await cookies.PerformPasskeyAssertionAsync(credential);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or JsonException)
        {
            // No challenge was asked for, or this is no answer to one.
            return null;
        }
    }

    private async Task<SignInStep> AfterFirstStepAsync(User user, CancellationToken cancellationToken)
    {
        if (!user.TwoFactorEnabled)
        {
            await BeginAsync(user, cancellationToken);
            return SignInStep.Done;
        }

        var half = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user.Id.ToString()), new Claim(ClaimTypes.Hash, user.SecurityStamp ?? "")], AccessSetup.SecondStepScheme);
        await requests.HttpContext!.SignInAsync(AccessSetup.SecondStepScheme, new ClaimsPrincipal(half));
        return SignInStep.NeedsCode;
    }

    private async Task<SignInOutcome> CheckAsync(User user, string password)
    {
        if (!user.IsActive || !user.EmailConfirmed)
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
        var result = await cookies.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        return result.Succeeded ? SignInOutcome.SignedIn : result.IsLockedOut ? SignInOutcome.LockedOut : SignInOutcome.WrongPassword;
    }

    private void Decoy(string password)
    {
        var nobody = User.Create("nobody@example.com", "", clock.GetUtcNow());
        s_decoy ??= hasher.HashPassword(nobody, "a password that nobody has");
        _ = hasher.VerifyHashedPassword(nobody, s_decoy, password);
    }

    internal CallContext Call(User user) => CallContext.System("sign-in", "Signing in belongs to no organisation") with
    {
        Actor = new Actor(ActorKind.User, user.Id, user.Email!),
        IpAddress = origin.IpAddress,
        UserAgent = origin.UserAgent,
        CorrelationId = Activity.Current?.TraceId.ToString() ?? Guid.CreateVersion7(clock.GetUtcNow()).ToString("n"),
    };
}
