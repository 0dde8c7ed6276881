namespace Portal.Endpoints.Ingest;

internal static partial class Log
{
    [LoggerMessage(1201, LogLevel.Warning, "When {Keys} keys were last used could not be written")]
    public static partial void UsesNotWritten(ILogger logger, int keys, Exception exception);

    [LoggerMessage(1202, LogLevel.Warning, "Keys can't be looked up")]
    public static partial void KeysAway(ILogger logger, Exception exception);

    [LoggerMessage(1203, LogLevel.Critical, "A writer of usage ended by a fault and begins anew")]
    public static partial void WriterFailed(ILogger logger, Exception exception);
}
