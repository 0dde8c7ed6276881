namespace Portal.Documents;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "Document process {ProcessId} started in {Milliseconds} ms")]
    public static partial void WorkerStarted(ILogger logger, int processId, long milliseconds);

    [LoggerMessage(2002, LogLevel.Information, "Document process {ProcessId} ended, or was replaced")]
    public static partial void WorkerRetired(ILogger logger, int processId);

    [LoggerMessage(2003, LogLevel.Warning, "A document process broke off while it made a document of layout {Template}; a fresh one makes it")]
    public static partial void TriedAgain(ILogger logger, string template);

    [LoggerMessage(2004, LogLevel.Debug, "A document of layout {Template} with {Bytes} bytes was made in {Milliseconds} ms")]
    public static partial void DocumentMade(ILogger logger, string template, int bytes, long milliseconds);
}
