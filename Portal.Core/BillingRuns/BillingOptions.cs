using System.ComponentModel.DataAnnotations;

namespace Portal.Core.BillingRuns;

/// <summary>How runs work; the section <c>Billing:Runs</c> of the configuration.</summary>
public sealed class BillingOptions
{
    public const string Section = "Billing:Runs";

    /// <summary>True: the run of a month starts by itself. What it makes waits for review, unless the settings say that it is issued at once.</summary>
    public bool Automatic { get; set; } = true;

    /// <summary>Hours between a month's end in the last zone on earth and its automatic run, for events that come late. More are billed with the next month.</summary>
    [Range(0, 240)]
    public int HoursAfterMonth { get; set; } = 12;

    /// <summary>Organisations per transaction.</summary>
    [Range(1, 5000)]
    public int ChunkSize { get; set; } = 500;

    /// <summary>Chunks of one run at the same time, each on a connection of its own.</summary>
    [Range(1, 16)]
    public int Parallelism { get; set; } = 2;

    /// <summary>Seconds after which a run whose node has gone silent is taken over.</summary>
    [Range(5, 3600)]
    public int LeaseSeconds { get; set; } = 60;

    /// <summary>Earlier months that are compared with what was billed: how far back late usage is found.</summary>
    [Range(0, 24)]
    public int LateUsageMonths { get; set; } = 3;

    /// <summary>Times a run is taken up again after the database failed it, before it is given up.</summary>
    [Range(1, 1000)]
    public int MaxAttempts { get; set; } = 20;

    /// <summary>Runs that one node works on at the same time.</summary>
    [Range(1, 16)]
    public int Workers { get; set; } = 2;
}
