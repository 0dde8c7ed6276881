using System.Diagnostics;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Access;

/// <summary>What people do who are not signed in: ask for a new password, set it, accept an invitation, confirm an address.</summary>
internal sealed class AccountRecovery(
    ResetPassword reset, ChangeAddress address, AcceptInvitation accept, SignIn signIn, CallOrigin origin, TimeProvider clock, ILogger<AccountRecovery> logger)
{
    // Longer than finding somebody and writing their mail takes, so that the clock does not tell who is known here.
    private static readonly TimeSpan s_askingTakes = TimeSpan.FromMilliseconds(500);

    /// <summary>Takes the same time, and says the same, whoever is asked for.</summary>
    public async Task AskForPasswordAsync(string email, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            await reset.AskAsync(Call(), email, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Only somebody who is known can make it fail: an error page would tell.
            Log.AskFailed(logger, exception);
        }

        if (s_askingTakes - clock.GetElapsedTime(started) is { Ticks: > 0 } rest)
            await Task.Delay(rest, clock, cancellationToken);
    }

    public Task<bool> IsGoodAsync(string? token, CancellationToken cancellationToken) => reset.IsGoodAsync(token, cancellationToken);

    public Task<Result<Unit>> SetPasswordAsync(string? token, string password, CancellationToken cancellationToken) => reset.RunAsync(Call(), token, password, cancellationToken);

    public Task<string?> FindAddressAsync(string? token, CancellationToken cancellationToken) => address.FindAsync(token, cancellationToken);

    public Task<Result<string>> ConfirmAddressAsync(string? token, CancellationToken cancellationToken) => address.ConfirmAsync(Call(), token, cancellationToken);

    public Task<OpenInvitation?> FindInvitationAsync(string? token, CancellationToken cancellationToken) => accept.FindAsync(token, cancellationToken);

    /// <summary>Makes the person and signs them in: the mail and the password are fresh proof.</summary>
    public async Task<Result<User>> AcceptAsync(string? token, string displayName, string password, CancellationToken cancellationToken)
    {
        var made = await accept.AsNewAsync(Call(), token, displayName, password, cancellationToken);
        if (made.Succeeded)
            await signIn.BeginAsync(made.Value, cancellationToken);
        return made;
    }

    // Nobody is signed in: the actions name who it turns out to be.
    private CallContext Call() => CallContext.System("account", "Who comes by a mailed link is nobody yet") with
    {
        Actor = new Actor(ActorKind.User, null, "by mailed link"),
        IpAddress = origin.IpAddress,
        UserAgent = origin.UserAgent,
        CorrelationId = Activity.Current?.TraceId.ToString() ?? Guid.CreateVersion7(clock.GetUtcNow()).ToString("n"),
    };
}
