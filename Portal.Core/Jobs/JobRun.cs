namespace Portal.Core.Jobs;

/// <summary>How a run of a job ended.</summary>
public enum JobOutcome
{
    Done,
    Failed,
}

/// <summary>One run of a recurring job, on one node.</summary>
public sealed class JobRun
{
    private JobRun() { }

    public Guid Id { get; private set; }

    /// <summary>The job's name in the scheduler.</summary>
    public string Job { get; private set; } = "";

    /// <summary>The machine that it ran on.</summary>
    public string Node { get; private set; } = "";

    /// <summary>True when somebody asked for it; false when its time had come.</summary>
    public bool IsOutOfTurn { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    public DateTimeOffset FinishedAt { get; private set; }

    public JobOutcome Outcome { get; private set; }

    /// <summary>What it failed with, in one line.</summary>
    public string? Error { get; private set; }

    /// <summary>A run that has just ended.</summary>
    /// <param name="job">Which.</param>
    /// <param name="node">Where.</param>
    /// <param name="isOutOfTurn">Whether it was asked for.</param>
    /// <param name="took">How long it ran.</param>
    /// <param name="error">What it failed with; null when it did not.</param>
    /// <param name="now">When it ended.</param>
    public static JobRun Ended(string job, string node, bool isOutOfTurn, TimeSpan took, string? error, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Job = job,
        Node = node,
        IsOutOfTurn = isOutOfTurn,
        StartedAt = now - took,
        FinishedAt = now,
        Outcome = error is null ? JobOutcome.Done : JobOutcome.Failed,
        Error = error is { Length: > 500 } ? error[..500] : error,
    };
}

/// <summary>A job that staff have paused: its times pass without a run, on every node, until it is resumed.</summary>
public sealed class PausedJob
{
    private PausedJob() { }

    /// <summary>The job's name in the scheduler.</summary>
    public string Job { get; private set; } = "";

    public DateTimeOffset PausedAt { get; private set; }

    public string PausedBy { get; private set; } = "";

    public static PausedJob Create(string job, string by, DateTimeOffset now) => new() { Job = job, PausedBy = by, PausedAt = now };
}
