using Portal.Core.Credits;
using Portal.Core.Currencies;
using Portal.Core.Discounts;
using Portal.Core.Metering;
using Portal.Core.PrepaidCredits;

namespace Portal.Components.Shared.Prepaid;

/// <summary>Prepaid credits, account credit and discounts in people's words.</summary>
internal static class PrepaidWords
{
    /// <summary>Where credits came from.</summary>
    public static string Of(PrepaidGrantKind kind) => kind switch
    {
        PrepaidGrantKind.Purchase => "Purchased",
        PrepaidGrantKind.Plan => "Included in the plan",
        PrepaidGrantKind.Promotional => "Promotion",
        PrepaidGrantKind.Staff => "Granted",
    };

    /// <summary>Why credits moved.</summary>
    public static string Of(PrepaidMovementLine row, string locale) => row.Kind switch
    {
        PrepaidMovementKind.Purchased => row.Description is { } pack ? $"Purchased: {pack}" : "Purchased",
        PrepaidMovementKind.Earned => row.Description is { } reason ? $"{Source(row.Source)}: {reason}" : Source(row.Source),
        PrepaidMovementKind.Consumed => $"Used for {Usage(row, locale)}",
        PrepaidMovementKind.Returned => $"Returned for {Usage(row, locale)}",
        PrepaidMovementKind.Expired => "Expired",
    };

    /// <summary>What a discount takes off: <c>20%</c>, <c>₹500.00</c>.</summary>
    public static string Value(DiscountKind kind, decimal value, string? currency, string locale) => kind switch
    {
        DiscountKind.Percentage => MoneyFormat.Percent(value, locale),
        DiscountKind.Amount => MoneyFormat.Amount(value, Currency.Of(currency!), locale),
    };

    /// <summary>What it is taken off.</summary>
    public static string Scope(string? metricName, string? unit) => metricName is null ? "The whole invoice" : unit is null ? metricName : $"{metricName} in {unit}";

    /// <summary>The billing months it is for.</summary>
    public static string Months(int firstMonth, int? endMonth, string locale)
    {
        var first = Month(firstMonth, locale);
        return endMonth switch
        {
            null => $"From {first}",
            { } end when end <= firstMonth => "Not used",
            { } end when end == firstMonth + 1 => first,
            { } end => $"{first} to {Month(end - 1, locale)}",
        };
    }

    /// <summary>A month of the index.</summary>
    public static string Month(int index, string locale)
    {
        var month = BillingMonth.FromIndex(index);
        return DateFormat.Month(month.Year, month.Month, locale);
    }

    /// <summary>Where an organisation's discount stands in a month.</summary>
    public static (string Text, BadgeTone Tone) State(int firstMonth, int? endMonth, BillingMonth now) => endMonth <= now.Index
        ? ("Ended", BadgeTone.Idle)
        : firstMonth > now.Index ? ("Upcoming", BadgeTone.Info) : ("Active", BadgeTone.Good);

    /// <summary>Why account credit moved.</summary>
    public static string Of(AccountCreditLine line) => line.Reason switch
    {
        CreditReasons.Overpayment => "Overpayment",
        CreditReasons.AppliedToInvoice => "Applied to an invoice",
        CreditReasons.LateUsage => "Credit for late usage",
        var other => Words.Sentence(other),
    };

    private static string Usage(PrepaidMovementLine row, string locale) =>
        $"{MoneyFormat.Number(Math.Abs(row.Quantity ?? 0), locale)} {row.Unit} of {row.MetricName} in {Month(row.Month ?? 0, locale)}";

    private static string Source(string source) => source switch
    {
        "plan" => "Included in the plan",
        "promotional" => "Promotion",
        "staff" => "Granted",
        var other => Words.Sentence(other),
    };
}
