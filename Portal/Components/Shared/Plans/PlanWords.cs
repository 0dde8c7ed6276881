using Portal.Core.Currencies;
using Portal.Core.Plans;

namespace Portal.Components.Shared.Plans;

/// <summary>Plans, periods and days in words.</summary>
public static class PlanWords
{
    /// <summary><c>a month</c>, <c>every 3 months</c>, <c>a year</c>.</summary>
    public static string Every(BillingCycle cycle) => cycle switch
    {
        { Interval: BillingInterval.Year, Count: 1 } => "a year",
        { Interval: BillingInterval.Year } => $"every {cycle.Count} years",
        { Count: 1 } => "a month",
        _ => $"every {cycle.Count} months",
    };

    /// <summary><c>₹2,999.00 a month</c>.</summary>
    public static string Fee(decimal amount, string currency, BillingCycle cycle, string locale) => $"{MoneyFormat.Amount(amount, Currency.Of(currency), locale)} {Every(cycle)}";

    /// <summary>The days of a span, both ends included.</summary>
    public static string Days(DaySpan span, string locale) => DateFormat.Span(span.From, span.To.AddDays(-1), locale);

    /// <summary><c>10 of 30 days</c>; <c>all 30 days</c> of a whole period.</summary>
    public static string Part(DaySpan span, int periodDays) => span.Days == periodDays ? $"all {periodDays} days" : $"{span.Days} of {periodDays} days";

    /// <summary><c>At most 10 people</c>, or that there is no limit.</summary>
    public static string Seats(int? most) => most is { } limit ? $"Up to {Words.Count(limit, "person", "people")}" : "Unlimited people";
}
