using Portal.Core.Audit;
using Portal.Core.Metering;

namespace Portal.Jobs;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} invoices became overdue")]
    public static partial void MarkedOverdue(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} subscriptions entered another period or state")]
    public static partial void SubscriptionsAdvanced(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "The billing run of {Month} was started")]
    public static partial void MonthlyBillingStarted(ILogger logger, BillingMonth month);

    [LoggerMessage(Level = LogLevel.Error, Message = "The monthly billing run could not be started: {Code}")]
    public static partial void MonthlyBillingNotStarted(ILogger logger, string code);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} usage partitions made")]
    public static partial void PartitionsMade(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} idempotency records pruned")]
    public static partial void IdempotencyPruned(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Payments could not be reconciled: {Code}")]
    public static partial void ReconciliationFailed(ILogger logger, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "Billing runs could not be looked for")]
    public static partial void BillingRunWorkerFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} movements of recurring revenue written")]
    public static partial void MrrMoved(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Simulations could not be looked for")]
    public static partial void SimulationWorkerFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Usage sums agree with their events: {Buckets} quarter hours, {Months} months")]
    public static partial void NoDrift(ILogger logger, long buckets, long months);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Count} usage sums differ from their events, first {Example}")]
    public static partial void Drift(ILogger logger, long count, UsageDrift example);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Usage sums could not be compared with their events: {Code}")]
    public static partial void DriftNotChecked(ILogger logger, string code);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} audit rows sealed; the chain ends at {Position} with {Hash}")]
    public static partial void AuditSealed(ILogger logger, long count, long position, string hash);

    [LoggerMessage(Level = LogLevel.Information, Message = "The audit log is as it was written: {Count} seals, the chain ends at {Position} with {Hash}")]
    public static partial void AuditHolds(ILogger logger, long count, long position, string hash);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Somebody was at the audit log: {Count} places, first {Flaw}")]
    public static partial void AuditBroken(ILogger logger, int count, AuditFlaw flaw);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Count} rules that must always hold do not")]
    public static partial void InvariantsBroken(ILogger logger, int count);
}
