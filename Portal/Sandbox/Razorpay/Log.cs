namespace Portal.Sandbox.Razorpay;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{File} is in use by another process: this payment sandbox forgets its orders when it stops")]
    public static partial void JournalTaken(this ILogger logger, string file);

    [LoggerMessage(2, LogLevel.Debug, "Sandbox webhook {EventId} ({Type}) was answered {Status}")]
    public static partial void WebhookAnswered(this ILogger logger, string eventId, string type, int status);

    [LoggerMessage(3, LogLevel.Information, "Sandbox webhook {EventId} ({Type}) was not answered: {Why}")]
    public static partial void WebhookLost(this ILogger logger, string eventId, string type, string why);

    [LoggerMessage(4, LogLevel.Error, "The sandbox's clock failed and goes on")]
    public static partial void ClockFailed(this ILogger logger, Exception exception);
}
