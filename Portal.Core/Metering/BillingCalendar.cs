namespace Portal.Core.Metering;

/// <summary>A calendar month, as the key of a billing period.</summary>
public readonly record struct BillingMonth(int Year, int Month) : IComparable<BillingMonth>
{
    /// <summary>Months since year 0; orders and subtracts.</summary>
    public int Index => (Year * 12) + Month - 1;

    public BillingMonth Next => FromIndex(Index + 1);

    public BillingMonth Previous => FromIndex(Index - 1);

    /// <summary>The month's first day, by which prices are chosen.</summary>
    public DateOnly FirstDay => new(Year, Month, 1);

    public static BillingMonth FromIndex(int index) => new(index / 12, (index % 12) + 1);

    public static bool operator <(BillingMonth left, BillingMonth right) => left.Index < right.Index;

    public static bool operator >(BillingMonth left, BillingMonth right) => left.Index > right.Index;

    public static bool operator <=(BillingMonth left, BillingMonth right) => left.Index <= right.Index;

    public static bool operator >=(BillingMonth left, BillingMonth right) => left.Index >= right.Index;

    public int CompareTo(BillingMonth other) => Index.CompareTo(other.Index);

    /// <summary><c>2026-10</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Year:0000}-{Month:00}");
}

/// <summary>A half-open span of time, in UTC.</summary>
public readonly record struct Period(DateTimeOffset Start, DateTimeOffset End);

/// <summary>
/// Cuts time into an organisation's billing months: calendar months of its IANA zone, half-open. When the zone changes,
/// the new one takes over at <c>changesAt</c>, which is the end of a month in the old zone: no instant is in two months or in none.
/// </summary>
public sealed class BillingCalendar(string timeZone, string? nextTimeZone, DateTimeOffset? changesAt)
{
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
    private readonly TimeZoneInfo? _next = nextTimeZone is null ? null : TimeZoneInfo.FindSystemTimeZoneById(nextTimeZone);

    // The month that was asked for last: nearly all events of a day lie in one.
    private MonthSpan? _last;

    /// <summary>The month that an instant is billed in.</summary>
    public BillingMonth MonthOf(DateTimeOffset instant)
    {
        var last = _last;
        if (last is null || instant < last.Period.Start || instant >= last.Period.End)
        {
            var month = FindMonth(instant);
            _last = last = new MonthSpan(month, Period(month));
        }

        return last.Month;
    }

    // The date on the wall is near; the periods decide, so that no instant is in two of them, whatever clocks did that night: one that was set back
    // from 00:01 to 23:01 had the new month twice, and west of a zone that was left, the first hours still bear the date of the month before.
    private BillingMonth FindMonth(DateTimeOffset instant)
    {
        var month = LocalMonth(instant, ZoneAt(instant));
        while (instant < StartOf(month))
            month = month.Previous;
        while (instant >= StartOf(month.Next))
            month = month.Next;
        return month;
    }

    /// <summary>The instants that a month begins and ends at.</summary>
    public Period Period(BillingMonth month) => new(StartOf(month), StartOf(month.Next));

    /// <summary>The instants that a day begins and ends at, in the zone in force when it begins.</summary>
    public Period Day(DateOnly day)
    {
        var zone = ZoneAt(LocalMidnight(day, _zone));
        return new(LocalMidnight(day, zone), LocalMidnight(day.AddDays(1), zone));
    }

    /// <summary>The zone in force at an instant.</summary>
    public TimeZoneInfo ZoneAt(DateTimeOffset instant) => _next is null || instant < changesAt ? _zone : _next;

    private static BillingMonth LocalMonth(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        return new BillingMonth(local.Year, local.Month);
    }

    private DateTimeOffset StartOf(BillingMonth month)
    {
        var start = LocalMidnight(month.FirstDay, _zone);
        if (_next is null || start < changesAt)
            return start;
        return start == changesAt ? start : LocalMidnight(month.FirstDay, _next);
    }

    private static DateTimeOffset LocalMidnight(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        // Where midnight comes twice, the day begins at the first: the larger offset.
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        var start = new DateTimeOffset(midnight, offset).ToUniversalTime();
        // Where clocks jump over midnight, the day begins at the first instant that exists.
        while (TimeZoneInfo.ConvertTime(start, zone).DateTime < midnight)
            start = start.AddMinutes(15);
        return start;
    }

    private sealed record MonthSpan(BillingMonth Month, Period Period);
}
