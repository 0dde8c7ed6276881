using Portal.Core.Emails;

namespace Portal.Emails;

internal static partial class Log
{
    [LoggerMessage(2101, LogLevel.Information, "Mail {Id} was taken by the mail server")]
    public static partial void Sent(ILogger logger, Guid id);

    [LoggerMessage(2102, LogLevel.Information, "Mail {Id} was kept as a file: no mail server is set up")]
    public static partial void Kept(ILogger logger, Guid id);

    [LoggerMessage(2103, LogLevel.Warning, "Mail {Id} was not sent: {Outcome}, reply {ReplyCode}")]
    public static partial void NotSent(ILogger logger, Guid id, EmailOutcomeKind outcome, int replyCode);
}
