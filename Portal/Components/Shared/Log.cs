namespace Portal.Components.Shared;

internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Error, "A page failed, reference {Reference}")]
    public static partial void PageFailed(ILogger logger, Exception exception, string reference);

    [LoggerMessage(1101, LogLevel.Error, "A part of a page failed, reference {Reference}")]
    public static partial void PartFailed(ILogger logger, Exception exception, string reference);
}
