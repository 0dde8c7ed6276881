namespace Portal.Hosting;

internal static partial class Log
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Error, Message = "The embedded PostgreSQL (process {ProcessId}) died; it is started again in {Milliseconds} ms")]
    public static partial void EmbeddedPostgresDied(ILogger logger, int processId, long milliseconds);

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "The embedded PostgreSQL runs again (process {ProcessId})")]
    public static partial void EmbeddedPostgresRestarted(ILogger logger, int processId);

    [LoggerMessage(EventId = 102, Level = LogLevel.Error, Message = "The embedded PostgreSQL could not be started again: {Reason}")]
    public static partial void EmbeddedPostgresNotRestarted(ILogger logger, string reason);
}
