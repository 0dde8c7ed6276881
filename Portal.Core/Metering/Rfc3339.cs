namespace Portal.Core.Metering;

/// <summary>Times as RFC 3339 writes them: date, <c>T</c>, time, and an offset that may not be left out.</summary>
public static class Rfc3339
{
    /// <summary>Reads a time into UTC. What is finer than a microsecond is cut off, as PostgreSQL stores no more. Leap seconds are refused.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 20
            || !TryDigits(text[..4], out var year) || text[4] != '-' || !TryDigits(text[5..7], out var month) || text[7] != '-' || !TryDigits(text[8..10], out var day)
            || (text[10] | 0x20) != 't'
            || !TryDigits(text[11..13], out var hour) || text[13] != ':' || !TryDigits(text[14..16], out var minute) || text[16] != ':' || !TryDigits(text[17..19], out var second)
            || year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;

        var rest = text[19..];
        if (!TryFraction(ref rest, out var microseconds) || !TryOffset(rest, out var offsetMinutes))
            return false;
        var ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks
            + (microseconds * TimeSpan.TicksPerMicrosecond)
            - (offsetMinutes * TimeSpan.TicksPerMinute);
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>The same instant without what is finer than a microsecond.</summary>
    public static DateTimeOffset ToMicroseconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, out long microseconds)
    {
        microseconds = 0;
        if (rest[0] != '.')
            return true;
        var digits = 1;
        for (; digits < rest.Length && char.IsAsciiDigit((char)rest[digits]); digits++)
        {
            if (digits <= 6)
                microseconds = (microseconds * 10) + rest[digits] - '0';
        }

        for (var missing = digits; missing <= 6; missing++)
            microseconds *= 10;
        rest = rest[digits..];
        return digits > 1 && !rest.IsEmpty;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1)
            return (text[0] | 0x20) == 'z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':'
            || !TryDigits(text[1..3], out var hours) || !TryDigits(text[4..6], out var rest) || hours > 23 || rest > 59)
            return false;
        minutes = ((hours * 60) + rest) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit((char)character))
                return false;
            number = (number * 10) + character - '0';
        }

        return true;
    }
}
