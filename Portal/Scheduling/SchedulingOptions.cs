using System.ComponentModel.DataAnnotations;

namespace Portal.Scheduling;

/// <summary>How jobs are timed; the section <c>Scheduling</c> of the configuration.</summary>
public sealed class SchedulingOptions
{
    public const string Section = "Scheduling";

    /// <summary>False: this node runs no scheduled jobs; another one must.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Seconds between looks for billing runs whose node has gone silent.</summary>
    [Range(1, 3600)]
    public int ResumeBillingRunsSeconds { get; set; } = 5;

    /// <summary>Seconds between looks for invoices that have become overdue.</summary>
    [Range(1, 86400)]
    public int MarkOverdueSeconds { get; set; } = 300;

    /// <summary>Seconds between seals of the audit log: how long a row may lie unsealed.</summary>
    [Range(1, 3600)]
    public int SealAuditSeconds { get; set; } = 10;

    /// <summary>Minutes between looks at everything that must always hold.</summary>
    [Range(1, 1440)]
    public int LookAtInvariantsMinutes { get; set; } = 30;

    /// <summary>Jobs at the same time on this node.</summary>
    [Range(1, 64)]
    public int Threads { get; set; } = 4;
}
