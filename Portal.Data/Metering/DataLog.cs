using Microsoft.Extensions.Logging;

namespace Portal.Data.Metering;

internal static partial class DataLog
{
    [LoggerMessage(1151, LogLevel.Information, "Attempt {Attempt} to commit usage failed and is repeated")]
    public static partial void GatherRetried(ILogger logger, int attempt, Exception exception);

    [LoggerMessage(1152, LogLevel.Error, "A partition for usage is missing and could not be made")]
    public static partial void PartitionsFailed(ILogger logger, Exception exception);

    [LoggerMessage(1153, LogLevel.Information, "A connection could not be rolled back and is dropped")]
    public static partial void RollbackFailed(ILogger logger, Exception exception);
}
