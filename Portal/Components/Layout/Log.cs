namespace Portal.Components.Layout;

internal static partial class Log
{
    [LoggerMessage(1110, LogLevel.Error, "The search of a portal failed")]
    public static partial void SearchFailed(ILogger logger, Exception exception);

    [LoggerMessage(1111, LogLevel.Error, "The notifications of a portal could not be read")]
    public static partial void NotificationsUnread(ILogger logger, Exception exception);
}
