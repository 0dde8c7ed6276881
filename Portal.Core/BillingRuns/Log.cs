using Microsoft.Extensions.Logging;

namespace Portal.Core.BillingRuns;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Billing run {RunId} for {Year}-{Month} taken up, attempt {Attempt}")]
    public static partial void RunTaken(ILogger logger, Guid runId, int year, int month, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "Billing run {RunId} completed")]
    public static partial void RunCompleted(ILogger logger, Guid runId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Billing run {RunId}: the lease was taken over; this node stops")]
    public static partial void LeaseLost(ILogger logger, Guid runId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Billing run {RunId} interrupted by the database; it is taken up again when the lease ends")]
    public static partial void RunInterrupted(ILogger logger, Guid runId, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Billing run {RunId} failed")]
    public static partial void RunFailed(ILogger logger, Guid runId, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Billing run {RunId}: a chunk of {Count} organisations failed; they are done one at a time")]
    public static partial void ChunkFailed(ILogger logger, Guid runId, int count, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Billing run {RunId}: organisation {OrganisationId} parked")]
    public static partial void OrganisationParked(ILogger logger, Guid runId, Guid organisationId, Exception exception);
}
