using Portal.Core.Currencies;
using Portal.Core.Plans;
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

    /// <summary>For a recurring fee and for unused days: how the days made the amount.</summary>
    public RecurringExplanation? Recurring { get; init; }

    /// <summary>For a minimum commitment: what was promised, and what was used.</summary>
    public CommitmentExplanation? Commitment { get; init; }
}

/// <summary>How days made an amount.</summary>
/// <param name="Period">The fee's whole period.</param>
/// <param name="Span">The days that are charged, or given back.</param>
/// <param name="IsCredit">True: given back.</param>
/// <param name="Whole">What was split over the days.</param>
/// <param name="DaysBefore">Days whose part is not in the amount.</param>
/// <param name="Billed">What earlier invoices have of it; taken off.</param>
/// <param name="Carried">What of a credit found no room on this invoice and waits for the next; negative.</param>
public sealed record RecurringExplanation(DaySpan Period, DaySpan Span, bool IsCredit, decimal Whole, int DaysBefore, decimal Billed, decimal Carried)
{
    /// <summary>The amount, worked out from the days.</summary>
    public decimal Derive(Currency currency) => ((IsCredit ? -1 : 1) * Proration.Rest(Whole, currency, DaysBefore, Span.Days)) - Billed - Carried;
}

/// <summary>How a shortfall came about.</summary>
/// <param name="Committed">For the days of the month that the promise held.</param>
/// <param name="Spent">The month's usage, as charged.</param>
/// <param name="Days">Days of the month that it held.</param>
/// <param name="MonthDays">Days of the month.</param>
public sealed record CommitmentExplanation(decimal Committed, decimal Spent, int Days, int MonthDays);

/// <summary>What prepaid credits covered of a month's usage.</summary>
/// <param name="Quantity">Units that are not rated.</param>
/// <param name="Credits">Credits that they cost.</param>
public sealed record CoveredUsage(decimal Quantity, decimal Credits);

/// <summary>What earlier invoices charged for a month's usage of a metric.</summary>
public sealed record BilledBefore(decimal Quantity, long EventCount, decimal Amount);
