using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>What a project used of a metric in a month, by the metric's own measure.</summary>
public readonly record struct ProjectMeasure(decimal Quantity, long Events);

/// <summary>A metric over a month of an organisation, by its own measure.</summary>
/// <param name="Month">The month.</param>
/// <param name="MetricName">The metric.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Measured">Over all projects, before rounding.</param>
/// <param name="Quantity">As it is rated: rounded by the metric's rule.</param>
/// <param name="Events">Events that count.</param>
/// <param name="Projects">By project, unrounded. They sum to the whole only where the metric is a sum or a count.</param>
public sealed record MeasuredMonth(BillingMonth Month, string MetricName, string Unit, decimal Measured, decimal Quantity, long Events, IReadOnlyDictionary<Guid, ProjectMeasure> Projects);

/// <summary>A metric over an hour or a day, measured by its events.</summary>
/// <param name="Slot">Hours or days since the span began.</param>
/// <param name="MetricName">The metric.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="PartId">The project or the key, where these are told apart; the empty id where the key was not written down.</param>
/// <param name="Quantity">Unrounded: rounding is the month's.</param>
/// <param name="Events">Events that count.</param>
public sealed record MeasuredSlot(int Slot, string MetricName, string Unit, Guid? PartId, decimal Quantity, long Events);

/// <summary>Which slots are asked for.</summary>
/// <param name="OrganisationId">Whose.</param>
/// <param name="Span">Of time.</param>
/// <param name="TimeZone">IANA zone that cuts days.</param>
/// <param name="ByHour">Hours since the start; otherwise days of the zone.</param>
/// <param name="By">What is told apart besides metrics.</param>
/// <param name="Everything">Also what is in the sums that are kept: where these don't tell apart what is asked.</param>
/// <param name="MetricName">One metric only.</param>
/// <param name="ProjectId">One project only.</param>
public sealed record MeasureRequest(Guid OrganisationId, Period Span, string TimeZone, bool ByHour, UsageBy By, bool Everything, string? MetricName, Guid? ProjectId);

/// <summary>Measures usage by the rules of the catalogue.</summary>
public interface IUsageMeasures
{
    /// <summary>Every metric of the months, as a billing run would take it now.</summary>
    Task<IReadOnlyList<MeasuredMonth>> MonthsAsync(IBillingDb db, Guid organisationId, BillingMonth first, BillingMonth last, CancellationToken cancellationToken);

    /// <summary>Those metrics that are measured by their events (largest, latest, distinct), or all; the others are in the sums that are kept.</summary>
    Task<IReadOnlyList<MeasuredSlot>> SlotsAsync(IBillingDb db, MeasureRequest request, CancellationToken cancellationToken);

    /// <summary>Nobody bills until the session ends: the rules may change.</summary>
    Task HoldBillingAsync(IBillingDb db, CancellationToken cancellationToken);
}
