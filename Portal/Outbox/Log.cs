namespace Portal.Outbox;

internal static partial class Log
{
    [LoggerMessage(2201, LogLevel.Error, "The queue {Kind} could not be worked off; it is looked at again shortly")]
    public static partial void QueueFailed(ILogger logger, string kind, Exception exception);
}
