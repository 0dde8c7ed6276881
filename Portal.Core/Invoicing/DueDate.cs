namespace Portal.Core.Invoicing;

/// <summary>When an invoice is due: at the end of a day where the customer lives.</summary>
public static class DueDate
{
    /// <summary>The last instant, to the microsecond that the database keeps, of the day so many days after the issue.</summary>
    public static DateTimeOffset Of(DateTimeOffset issuedAt, int days, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var last = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(issuedAt, zone).DateTime).AddDays(days);
        var midnight = last.AddDays(1).ToDateTime(TimeOnly.MinValue);
        // Where clocks jump over midnight, the next day begins at the first instant that exists.
        while (zone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime().AddMicroseconds(-1);
    }
}
