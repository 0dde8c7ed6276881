using Portal.Core.Kernel;

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

    public int Total { get; private set; }

    public int Done { get; private set; }

    public int Skipped { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Combinations of organisation, metric and unit that no price covers.</summary>
    public int Unpriced { get; private set; }

    public string? Error { get; private set; }

    public string StartedBy { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? StartedAt { get; private set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>While a node works on it; after this another may take over.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    public static BillingRun Queue(int year, int month, Guid? organisationId, bool autoIssue, string startedBy, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Year = year,
        Month = month,
        OrganisationId = organisationId,
        AutoIssue = autoIssue,
        StartedBy = startedBy,
        CreatedAt = now,
    };
}

/// <summary>One organisation of a run.</summary>
public sealed class BillingRunItem : IOrganisationOwned
{
    private BillingRunItem() { }

    public Guid BillingRunId { get; private set; }

    public Guid OrganisationId { get; private set; }

    public BillingRunItemState State { get; private set; }

    public string? Reason { get; private set; }

    public Guid? InvoiceId { get; private set; }
}

/// <summary>Usage of a run's month that no price covers: listed, never billed at zero in silence.</summary>
public sealed class UnpricedUsage : IOrganisationOwned
{
    private UnpricedUsage() { }

    public Guid BillingRunId { get; private set; }

    public Guid OrganisationId { get; private set; }

    public string MetricName { get; private set; } = "";

    public string Unit { get; private set; } = "";

    public int UsageYear { get; private set; }

    public int UsageMonth { get; private set; }

    public decimal Quantity { get; private set; }

    public long EventCount { get; private set; }
}
