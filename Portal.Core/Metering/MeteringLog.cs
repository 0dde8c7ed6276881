using Microsoft.Extensions.Logging;

namespace Portal.Core.Metering;

internal static partial class MeteringLog
{
    [LoggerMessage(1101, LogLevel.Warning, "A gather of {Requests} requests was refused by the database; each is tried by itself")]
    public static partial void GatherRefused(ILogger logger, int requests, Exception? exception);

    [LoggerMessage(1102, LogLevel.Error, "A gather of {Requests} requests was not committed: {Result}")]
    public static partial void GatherFailed(ILogger logger, int requests, SubmissionResult result, Exception? exception);
}
