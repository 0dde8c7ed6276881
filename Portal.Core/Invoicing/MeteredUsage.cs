using Portal.Core.Metering;

namespace Portal.Core.Invoicing;

/// <summary>What an organisation used of a metric in a month, over all its projects, and what of it was billed before.</summary>
/// <param name="Month">The month that the usage belongs to.</param>
/// <param name="MetricName">The metric.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Quantity">The month's total so far, as it is rated: without what prepaid credits covered.</param>
/// <param name="EventCount">The month's events so far.</param>
/// <param name="Projects">What each project used, by id.</param>
/// <param name="Billed">What invoices that count have charged for it, credits taken off; null: nothing yet.</param>
/// <param name="Measure">How the quantity was measured, where it is not the plain sum.</param>
/// <param name="Covered">What prepaid credits covered; null: nothing.</param>
public sealed record MeteredUsage(
    BillingMonth Month,
    string MetricName,
    string Unit,
    decimal Quantity,
    long EventCount,
    IReadOnlyDictionary<Guid, decimal> Projects,
    BilledUsage? Billed = null,
    MeasuredBy? Measure = null,
    CoveredUsage? Covered = null);

/// <summary>How a quantity was measured.</summary>
/// <param name="Rule">The metric's rule of the month.</param>
/// <param name="Measured">Before rounding.</param>
public sealed record MeasuredBy(MetricRule Rule, decimal Measured);

/// <summary>What was charged for a month's usage of a metric.</summary>
/// <param name="Quantity">Units.</param>
/// <param name="EventCount">Events.</param>
/// <param name="Amount">In <paramref name="Currency"/>, rounded as billed, before conversion and with the tax that the price contains.</param>
/// <param name="Currency">The price's currency.</param>
/// <param name="PriceId">The price that rated it first: it rates the rest of that month too.</param>
public sealed record BilledUsage(decimal Quantity, long EventCount, decimal Amount, string Currency, Guid PriceId);
