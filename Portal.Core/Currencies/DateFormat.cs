using System.Globalization;

namespace Portal.Core.Currencies;

/// <summary>Dates and times for people to read, in a locale and an IANA time zone. The same on every machine: see <see cref="LocaleStyle"/>.</summary>
public static class DateFormat
{
    /// <summary>A day: <c>21 Nov 2026</c>, <c>Nov 21, 2026</c> in en-US, <c>2026/11/21</c> in ja-JP.</summary>
    public static string Day(DateOnly day, string locale) => Write(day, LocaleStyle.Of(locale), isLong: false);

    /// <summary>A day with the month in full: <c>21 November 2026</c>.</summary>
    public static string LongDay(DateOnly day, string locale) => Write(day, LocaleStyle.Of(locale), isLong: true);

    /// <summary>The day that an instant falls on in a zone.</summary>
    /// <exception cref="TimeZoneNotFoundException">The zone is not a known IANA name.</exception>
    public static string Day(DateTimeOffset instant, string zone, string locale) => Day(DayIn(instant, zone), locale);

    /// <summary>A calendar month: <c>November 2026</c>.</summary>
    public static string Month(int year, int month, string locale)
    {
        var style = LocaleStyle.Of(locale);
        return style.Dates == DateOrder.YearSlashMonth ? Invariant($"{year:0000}/{month:00}") : Invariant($"{style.Months[11 + month]} {year:0000}");
    }

    /// <summary>From the first to the last day, both included: <c>1 – 30 Nov 2026</c>, <c>28 Dec 2026 – 3 Jan 2027</c>.</summary>
    public static string Span(DateOnly first, DateOnly last, string locale)
    {
        if (last < first)
            throw new ArgumentOutOfRangeException(nameof(last), "A span ends on or after the day that it starts.");
        var style = LocaleStyle.Of(locale);
        var end = Write(last, style, isLong: false);
        if (first == last)
            return end;
        var sameMonth = first.Year == last.Year && first.Month == last.Month;
        var start = (style.Dates, sameMonth, first.Year == last.Year) switch
        {
            (DateOrder.DayMonthYear, true, _) => Invariant($"{first.Day}"),
            (DateOrder.DayMonthYear, _, true) => Invariant($"{first.Day} {style.Months[first.Month - 1]}"),
            (DateOrder.DayDotMonthYear, true, _) => Invariant($"{first.Day}."),
            (DateOrder.DayDotMonthYear, _, true) => Invariant($"{first.Day}. {style.Months[first.Month - 1]}"),
            (DateOrder.MonthDayYear, _, true) => Invariant($"{style.Months[first.Month - 1]} {first.Day}"),
            _ => Write(first, style, isLong: false),
        };
        return sameMonth && style.Dates == DateOrder.MonthDayYear ? Invariant($"{start} – {last.Day}, {last.Year:0000}") : $"{start} – {end}";
    }

    /// <summary>An instant to the minute with the zone named: <c>21 Nov 2026, 2:05 pm (Asia/Kolkata)</c>, <c>21 Nov 2026, 14:05 UTC</c>.</summary>
    /// <exception cref="TimeZoneNotFoundException">The zone is not a known IANA name.</exception>
    public static string Minute(DateTimeOffset instant, string zone, string locale)
    {
        var style = LocaleStyle.Of(locale);
        var local = TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(zone));
        var clock = style.TwelveHours is { } noon
            ? Invariant($"{(local.Hour + 11) % 12 + 1}:{local.Minute:00}\u00A0{(local.Hour < 12 ? noon.Am : noon.Pm)}")
            : Invariant($"{local.Hour:00}:{local.Minute:00}");
        var name = zone is "UTC" or "Etc/UTC" ? "UTC" : $"({zone})";
        return $"{Write(DateOnly.FromDateTime(local.DateTime), style, isLong: false)}, {clock} {name}";
    }

    /// <summary>The calendar day of an instant in a zone.</summary>
    /// <exception cref="TimeZoneNotFoundException">The zone is not a known IANA name.</exception>
    public static DateOnly DayIn(DateTimeOffset instant, string zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);

    private static string Write(DateOnly day, LocaleStyle style, bool isLong)
    {
        var month = style.Months[day.Month - 1 + (isLong ? 12 : 0)];
        return style.Dates switch
        {
            DateOrder.DayMonthYear => Invariant($"{day.Day} {month} {day.Year:0000}"),
            DateOrder.DayDotMonthYear => Invariant($"{day.Day}. {month} {day.Year:0000}"),
            DateOrder.MonthDayYear => Invariant($"{month} {day.Day}, {day.Year:0000}"),
            DateOrder.YearSlashMonth => Invariant($"{day.Year:0000}/{day.Month:00}/{day.Day:00}"),
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
