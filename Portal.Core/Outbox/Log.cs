using Microsoft.Extensions.Logging;

namespace Portal.Core.Outbox;

internal static partial class Log
{
    [LoggerMessage(2101, LogLevel.Warning, "Outbox message {MessageId} ({Kind}) failed at attempt {Attempt}, next at {DueAt}")]
    public static partial void MessageFailed(ILogger logger, Exception? exception, Guid messageId, string kind, int attempt, DateTimeOffset dueAt);

    [LoggerMessage(2102, LogLevel.Error, "Outbox message {MessageId} ({Kind}) is given up after {Attempts} attempts")]
    public static partial void MessageDead(ILogger logger, Exception? exception, Guid messageId, string kind, int attempts);
}
