using Microsoft.Extensions.Logging;

namespace Portal.Core.Payments;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Error, "Order {OrderId} could not be reconciled")]
    public static partial void OrderNotReconciled(ILogger logger, Exception exception, Guid orderId);

    [LoggerMessage(2002, LogLevel.Warning, "Provider event {EventId} failed at attempt {Attempt}, next at {DueAt}")]
    public static partial void EventFailed(ILogger logger, Exception? exception, Guid eventId, int attempt, DateTimeOffset dueAt);

    [LoggerMessage(2003, LogLevel.Error, "Provider event {EventId} is given up after {Attempts} attempts")]
    public static partial void EventDead(ILogger logger, Exception? exception, Guid eventId, int attempts);
}
