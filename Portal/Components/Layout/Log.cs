namespace Portal.Components.Layout;

internal static partial class Log
{
    [LoggerMessage(1110, LogLevel.Error, "The search of a portal failed")]
    public static partial void SearchFailed(ILogger logger, Exception exception);
}
