using Npgsql;

namespace Portal.Data.Metering;

/// <summary>What a failed attempt means for the requests in it.</summary>
internal enum UsageFailure
{
    /// <summary>Rolled back for a passing reason: try again.</summary>
    Retry,

    /// <summary>The connection was gone before the commit was sent: try again on a new one.</summary>
    ConnectionLost,

    /// <summary>Rolled back: there is no partition for some event's time.</summary>
    MissingPartition,

    /// <summary>Rolled back, and nothing suggests that a repeat would fare better now.</summary>
    NotStored,

    /// <summary>The commit was sent and its answer did not come.</summary>
    Unknown,

    /// <summary>Rolled back for what one of the events holds.</summary>
    Refused,
}

/// <summary>Reads exceptions. When in doubt whether a commit happened, it is unknown.</summary>
internal static class UsageFailures
{
    public static UsageFailure Classify(Exception exception, bool commitSent) => exception switch
    {
        PostgresException refused when !commitSent || !UsageStatements.IsCommit(refused) => Classify(refused, commitSent),
        OperationCanceledException => commitSent ? UsageFailure.Unknown : UsageFailure.NotStored,
        _ => commitSent ? UsageFailure.Unknown : UsageFailure.ConnectionLost,
    };

    private static UsageFailure Classify(PostgresException refused, bool commitSent) => refused.SqlState switch
    {
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable => UsageFailure.Retry,
        PostgresErrorCodes.CheckViolation when refused.ConstraintName is null => UsageFailure.MissingPartition,
        // The data themselves: numbers, texts, constraints.
        ['2', '2' or '3', ..] => UsageFailure.Refused,
        // The server is going down, or its connection is; what was under way there may have been the commit.
        ['0', '8', ..] or ['5', '7', 'P', ..] => commitSent ? UsageFailure.Unknown : UsageFailure.ConnectionLost,
        _ => UsageFailure.NotStored,
    };
}
