using System.Globalization;
using System.Text.Json;
using Portal.Components.Shared;
using Portal.Core.Metering;

namespace Portal.Components.Listing;

/// <summary>Values of the domain as choices of a filter, and read back from the address.</summary>
public static class Choices
{
    /// <summary>Every value of an enum, in its order: <c>partially_paid</c> reads <c>Partially paid</c>.</summary>
    public static IReadOnlyList<(string Value, string Text)> Of<TEnum>()
        where TEnum : struct, Enum => [.. Enum.GetValues<TEnum>().Select(value => (Key(value), Words.Sentence(value)))];

    /// <summary>The last months, newest first.</summary>
    /// <param name="now">When they are counted from.</param>
    /// <param name="count">How many, this month included.</param>
    /// <param name="locale">In whose words.</param>
    public static IReadOnlyList<(string Value, string Text)> Months(DateTimeOffset now, int count, string locale)
    {
        var month = new BillingMonth(now.Year, now.Month);
        return [.. Enumerable.Range(0, count).Select(back => BillingMonth.FromIndex(month.Index - back)).Select(one => (one.ToString(), Core.Currencies.DateFormat.Month(one.Year, one.Month, locale)))];
    }

    /// <summary>The value that a word stands for; null when it stands for none.</summary>
    public static TEnum? Parse<TEnum>(string? text)
        where TEnum : struct, Enum
    {
        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (string.Equals(Key(value), text, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        return null;
    }

    /// <summary>A month written as <c>2026-10</c>; null for anything else.</summary>
    public static BillingMonth? ParseMonth(string? text) =>
        DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new BillingMonth(day.Year, day.Month) : null;

    /// <summary>An action of the audit log for people: <c>api_key.issued</c> is <c>API key issued</c>.</summary>
    public static string Happened(string action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return action switch
        {
            "address.change_asked" => "Email change requested",
            "address.changed" => "Email address changed",
            "discount.given" => "Discount applied",
            "invoice.draft_discarded" => "Invoice draft deleted",
            "invoice.held" => "Invoice put on hold",
            "mail.tested" => "Test email sent",
            "note.written" => "Note added",
            "password.reset_asked" => "Password reset requested",
            "payment.begun" => "Payment started",
            "payment_order.intended" => "Payment order created",
            "prepaid_purchase.begun" => "Prepaid purchase started",
            "service.activated" => "Service added",
            "set_up.dismissed" => "Setup dismissed",
            "ticket.noted" => "Internal note added",
            "ticket.sorted" => "Ticket updated",
            "view.ended" => "Customer view ended",
            "view.started" => "Customer view started",
            _ => Words.Sentence(action.Replace('.', '_')).Replace("Api key", "API key", StringComparison.Ordinal).Replace("api key", "API key", StringComparison.Ordinal),
        };
    }

    /// <summary>How a value is written in an address.</summary>
    public static string Key<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
