using Portal.Core.Discounts;
using Portal.Core.Pricing;

namespace Portal.Core.Invoicing;

/// <summary>How a line's amount came about; stored with the line, so that it can be explained and derived again for ever.</summary>
/// <param name="Terms">The price's numbers as they were.</param>
/// <param name="Rated">The quantity, allowance and rows of the month's total.</param>
/// <param name="Projects">What each project used, by id.</param>
/// <param name="Measure">How the quantity was measured, where it is not the plain sum of the events.</param>
/// <param name="BilledBefore">For late usage: the quantity and amount that earlier invoices charged for that month.</param>
/// <param name="Covered">What prepaid credits covered of the month: taken off the quantity before it was rated.</param>
public sealed record LineExplanation(PriceTerms Terms, RatedAmount Rated, IReadOnlyDictionary<Guid, decimal> Projects, BilledBefore? BilledBefore = null, MeasuredBy? Measure = null, CoveredUsage? Covered = null)
{
    /// <summary>What was taken off the charge, in that order; null where nothing was.</summary>
    public IReadOnlyList<AppliedDiscount>? Discounts { get; init; }
}

/// <summary>What prepaid credits covered of a month's usage.</summary>
/// <param name="Quantity">Units that are not rated.</param>
/// <param name="Credits">Credits that they cost.</param>
public sealed record CoveredUsage(decimal Quantity, decimal Credits);

/// <summary>What earlier invoices charged for a month's usage of a metric.</summary>
public sealed record BilledBefore(decimal Quantity, long EventCount, decimal Amount);
