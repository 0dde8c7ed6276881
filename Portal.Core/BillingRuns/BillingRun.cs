using Portal.Core.Metering;

namespace Portal.Core.BillingRuns;

/// <summary>How far a run is.</summary>
public enum BillingRunState
{
    Queued,
    Running,
    Completed,

    /// <summary>Ended without being able to go on; the reason is on the run. Starting it again finishes it.</summary>
    Failed,
}

/// <summary>What became of one organisation in a run.</summary>
public enum BillingRunItemState
{
    Pending,

    /// <summary>An invoice was made.</summary>
    Done,

    /// <summary>Nothing to bill, or already billed.</summary>
    Skipped,

    /// <summary>Parked with its reason; the run went on.</summary>
    Failed,
}

/// <summary>The making of a month's invoices. Can be started again at any time, twice at once, or killed at any point.</summary>
public sealed class BillingRun
{
    private BillingRun() { }

    public Guid Id { get; private set; }

    public int Year { get; private set; }

    public int Month { get; private set; }

    /// <summary>Only this organisation; null for all.</summary>
    public Guid? OrganisationId { get; private set; }

    public BillingRunState State { get; private set; }

    /// <summary>True: invoices are issued as they are made.</summary>
    public bool AutoIssue { get; private set; }

    /// <summary>True: drafts that an earlier run left are made anew; false: only those that are held back.</summary>
    public bool Remake { get; private set; }

    /// <summary>True: only usage of months that are invoiced already, on an invoice beside those of the months.</summary>
    public bool LateOnly { get; private set; }

    public int Total { get; private set; }

    public int Done { get; private set; }

    public int Skipped { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Combinations of organisation, metric, unit and month that no price covers.</summary>
    public int Unpriced { get; private set; }

    /// <summary>Invoices that the run issued.</summary>
    public int Issued { get; private set; }

    /// <summary>Why it failed, or why a completed run issued nothing.</summary>
    public string? Error { get; private set; }

    public string StartedBy { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? StartedAt { get; private set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>When its items were written down; they are what is left to do after a restart.</summary>
    public DateTimeOffset? PlannedAt { get; private set; }

    /// <summary>While a node works on it; after this another may take over.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>Names the node's hold on it. Every transaction of a run checks that it still is its own: who was thought dead can't write any more.</summary>
    public Guid? LeaseToken { get; private set; }

    /// <summary>How often a node took it up.</summary>
    public int Attempts { get; private set; }

    public BillingMonth BillingMonth => new(Year, Month);

    public static BillingRun Queue(BillingMonth month, Guid? organisationId, bool autoIssue, bool remake, string startedBy, DateTimeOffset now, bool lateOnly = false) => new()
    {
        Id = Guid.CreateVersion7(now),
        Year = month.Year,
        Month = month.Month,
        OrganisationId = organisationId,
        AutoIssue = autoIssue,
        Remake = remake,
        LateOnly = lateOnly,
        StartedBy = startedBy,
        CreatedAt = now,
    };
}
