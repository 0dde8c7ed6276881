namespace Portal.Core.Outbox;

/// <summary>When work that failed is tried again. Without jitter: what is due at once is claimed one by one anyway.</summary>
public static class RetrySchedule
{
    private static readonly TimeSpan[] s_pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1),
        TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24),
    ];

    /// <summary>Attempts until it is given up.</summary>
    public static int MaxAttempts => s_pauses.Length + 1;

    /// <summary>The pause after so many failed attempts, 1 or more; null when it is to be given up.</summary>
    public static TimeSpan? After(int attempts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        return attempts <= s_pauses.Length ? s_pauses[attempts - 1] : null;
    }
}
