namespace Portal.Scheduling;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The run of {Job} could not be written down")]
    public static partial void RunNotWritten(ILogger logger, string job, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether {Job} is paused could not be read")]
    public static partial void PauseUnknown(ILogger logger, string job, Exception exception);
}
