using System.Globalization;
using Portal.Core.Metering;

namespace Portal.Components.Shared.Usage;

/// <summary>A month as an address writes it: <c>2026-11</c>.</summary>
public static class MonthText
{
    /// <summary>Null for what is no month.</summary>
    public static BillingMonth? Read(string? text) =>
        DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new BillingMonth(day.Year, day.Month) : null;

    /// <summary>Null for what is no day.</summary>
    public static DateOnly? ReadDay(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
