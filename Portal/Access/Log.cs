namespace Portal.Access;

internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Signed in: {UserId}")]
    public static partial void SignedIn(ILogger logger, Guid userId);

    [LoggerMessage(1001, LogLevel.Warning, "Sign-in refused for {UserId}: {Outcome}")]
    public static partial void SignInRefused(ILogger logger, Guid userId, Core.Access.SignInOutcome outcome);

    [LoggerMessage(1002, LogLevel.Warning, "Sign-in refused: nobody by that address")]
    public static partial void SignInUnknown(ILogger logger);

    [LoggerMessage(1003, LogLevel.Warning, "Too many tries to sign in from one address")]
    public static partial void SignInLimited(ILogger logger);

    [LoggerMessage(1004, LogLevel.Information, "Circuit of {UserId} ended: the session is no longer good")]
    public static partial void CircuitEnded(ILogger logger, Guid userId);

    [LoggerMessage(1005, LogLevel.Warning, "Second step refused for {UserId}: {Outcome}")]
    public static partial void SecondStepRefused(ILogger logger, Guid userId, Core.Access.SignInOutcome outcome);

    [LoggerMessage(1006, LogLevel.Error, "A mail with a link could not be asked for")]
    public static partial void AskFailed(ILogger logger, Exception exception);

    [LoggerMessage(1007, LogLevel.Warning, "Sign-in by passkey refused")]
    public static partial void PasskeyRefused(ILogger logger);
}
