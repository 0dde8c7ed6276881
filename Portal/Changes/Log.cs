namespace Portal.Changes;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Listening for changes in the database")]
    public static partial void FeedListening(ILogger logger);

    [LoggerMessage(1002, LogLevel.Warning, "The connection that listens for changes was lost; caches are not trusted until it is back")]
    public static partial void FeedLost(ILogger logger, Exception exception);

    [LoggerMessage(1003, LogLevel.Error, "A listener for {Kind} failed")]
    public static partial void ListenerFailed(ILogger logger, string kind, Exception exception);
}
