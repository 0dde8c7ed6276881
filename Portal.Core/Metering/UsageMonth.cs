namespace Portal.Core.Metering;

/// <summary>Which usage is asked about.</summary>
/// <param name="OrganisationId">Whose.</param>
/// <param name="Month">A billing month; null: the one that runs.</param>
/// <param name="MetricName">One metric only.</param>
/// <param name="ProjectId">One project only.</param>
/// <param name="Day">The course of this day by hours, instead of the month's by days; it decides the month.</param>
/// <param name="By">What the course is cut by.</param>
/// <param name="Against">What the course is compared with.</param>
public sealed record UsageQuestion(
    Guid OrganisationId, BillingMonth? Month = null, string? MetricName = null, Guid? ProjectId = null, DateOnly? Day = null, UsageBy By = UsageBy.Metric, UsageAgainst Against = UsageAgainst.Usual);

/// <summary>A metric over a month.</summary>
/// <param name="MetricName">The metric.</param>
/// <param name="Unit">What it is counted in; the same metric in two units is two rows.</param>
/// <param name="Quantity">The sum of the values that count.</param>
/// <param name="Events">How many events that was.</param>
/// <param name="Before">The sum of the month before, for comparison.</param>
public sealed record UsageTotal(string MetricName, string Unit, decimal Quantity, long Events, decimal Before);

/// <summary>A metric over a day of the organisation's zone. Days without usage have no row.</summary>
public sealed record UsageDay(DateOnly Day, string MetricName, string Unit, decimal Quantity, long Events);

/// <summary>A project that usage can be narrowed to.</summary>
public sealed record UsageProject(Guid Id, string Name);

/// <summary>An organisation's usage in one billing month.</summary>
public sealed record UsageMonth
{
    public required Guid OrganisationId { get; init; }

    public required string OrganisationName { get; init; }

    /// <summary>IANA name of the zone that cuts the month and its days.</summary>
    public required string TimeZone { get; init; }

    /// <summary>BCP 47 tag of the organisation.</summary>
    public required string Locale { get; init; }

    public required BillingMonth Month { get; init; }

    /// <summary>The month that runs now.</summary>
    public required BillingMonth CurrentMonth { get; init; }

    /// <summary>By metric and unit, the most events first.</summary>
    public required IReadOnlyList<UsageTotal> Totals { get; init; }

    /// <summary>In order of time.</summary>
    public required IReadOnlyList<UsageDay> Days { get; init; }

    /// <summary>The same of the month before.</summary>
    public required IReadOnlyList<UsageDay> DaysBefore { get; init; }

    /// <summary>What the chart shows: days of the month, or hours of one day.</summary>
    public required UsageCourse Course { get; init; }

    /// <summary>What each project used in the month, the most events first; the question's project left aside.</summary>
    public required IReadOnlyList<UsageProjectTotal> ProjectTotals { get; init; }

    /// <summary>
    /// What each API key sent in the month, the most events first; only when usage is cut by keys. Metrics that are measured by their events are left out: of
    /// the largest, latest or different values no key has a share.
    /// </summary>
    public IReadOnlyList<UsageKeyTotal> KeyTotals { get; init; } = [];

    /// <summary>Metrics that this month or the one before has seen, sorted; the question's own narrowing left aside.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>Every project of the organisation, by name; the first 500.</summary>
    public required IReadOnlyList<UsageProject> Projects { get; init; }

    /// <summary>False when the organisation has never sent anything.</summary>
    public required bool HasEverBeenUsed { get; init; }
}
