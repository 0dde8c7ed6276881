namespace Portal.Endpoints.Ingest;

internal static partial class Log
{
    [LoggerMessage(1201, LogLevel.Warning, "When {Keys} keys were last used could not be written")]
    public static partial void UsesNotWritten(ILogger logger, int keys, Exception exception);

    [LoggerMessage(1202, LogLevel.Warning, "Keys can't be looked up")]
    public static partial void KeysAway(ILogger logger, Exception exception);
}
