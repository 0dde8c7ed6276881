using System.Globalization;
using System.Text.Json;

namespace Portal.Core.Metering;

/// <summary>Why a text is not a value.</summary>
public enum UsageValueError
{
    None,
    NotANumber,
    Negative,

    /// <summary>10^18 or more.</summary>
    TooLarge,

    /// <summary>More than 12 decimals.</summary>
    TooPrecise,
}

/// <summary>
/// A measured amount, exact, in steps of 10^-12. An event's value has up to 18 digits before the point and 12 behind it: 30 digits, two
/// more than <see cref="decimal"/> holds, and sums have more. Never made from a double.
/// </summary>
public readonly record struct UsageValue(Int128 Steps) : IComparable<UsageValue>
{
    /// <summary>Decimals that are kept.</summary>
    public const int Decimals = 12;

    private const int WholeDigits = 18;
    private const ulong StepsPerUnit = 1_000_000_000_000;
    private static readonly Int128[] s_powers = MakePowers();

    public static UsageValue Zero => default;

    public static UsageValue operator +(UsageValue left, UsageValue right) => new(checked(left.Steps + right.Steps));

    public static UsageValue operator -(UsageValue left, UsageValue right) => new(checked(left.Steps - right.Steps));

    public static UsageValue operator -(UsageValue value) => new(-value.Steps);

    public static bool operator <(UsageValue left, UsageValue right) => left.Steps < right.Steps;

    public static bool operator >(UsageValue left, UsageValue right) => left.Steps > right.Steps;

    public static bool operator <=(UsageValue left, UsageValue right) => left.Steps <= right.Steps;

    public static bool operator >=(UsageValue left, UsageValue right) => left.Steps >= right.Steps;

    /// <summary>Reads the text of a JSON number that a reader has already accepted as one: 0 or more, below 10^18, at most 12 decimals that are not zero.</summary>
    public static UsageValueError ReadNumber(ReadOnlySpan<byte> number, out UsageValue value)
    {
        value = default;
        var negative = number[0] == (byte)'-';
        var digits = negative ? number[1..] : number;
        var exponentAt = digits.IndexOfAny((byte)'e', (byte)'E');
        var exponent = exponentAt < 0 ? 0 : ReadExponent(digits[(exponentAt + 1)..]);
        if (exponentAt >= 0)
            digits = digits[..exponentAt];
        var point = digits.IndexOf((byte)'.');
        var power = (point < 0 ? digits.Length : point) + exponent - 1;

        Int128 steps = 0;
        foreach (var character in digits)
        {
            if (character == (byte)'.')
                continue;
            if (character != (byte)'0')
            {
                if (power >= WholeDigits)
                    return negative ? UsageValueError.Negative : UsageValueError.TooLarge;
                if (power < -Decimals)
                    return negative ? UsageValueError.Negative : UsageValueError.TooPrecise;
                steps += s_powers[power + Decimals] * (character - (byte)'0');
            }

            power--;
        }

        if (negative && steps != 0)
            return UsageValueError.Negative;
        value = new UsageValue(steps);
        return UsageValueError.None;
    }

    /// <summary>As <see cref="ReadNumber"/>, for any text: it has to be a JSON number, without white space around it.</summary>
    public static UsageValueError ReadText(ReadOnlySpan<byte> text, out UsageValue value)
    {
        value = default;
        try
        {
            var reader = new Utf8JsonReader(text);
            if (text.IsEmpty || (text[0] != (byte)'-' && !char.IsAsciiDigit((char)text[0])) || !reader.Read() || reader.ValueSpan.Length != text.Length)
                return UsageValueError.NotANumber;
        }
        catch (JsonException)
        {
            return UsageValueError.NotANumber;
        }

        return ReadNumber(text, out value);
    }

    /// <summary>Reads a stored amount: plain decimal notation, any sign, up to 12 decimals.</summary>
    /// <exception cref="FormatException">The text is not such a number.</exception>
    /// <exception cref="OverflowException">The amount is 1.7 x 10^26 or more.</exception>
    public static UsageValue ReadStored(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = Int128.Parse(point < 0 ? text : text.AsSpan(0, point), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var steps = checked(whole * StepsPerUnit);
        if (point < 0)
            return new UsageValue(steps);
        var decimals = text.AsSpan(point + 1).TrimEnd('0');
        if (decimals.Length > Decimals)
            throw new FormatException($"{text} has more than {Decimals} decimals.");
        var fraction = decimals.IsEmpty ? 0 : Int128.Parse(decimals, NumberStyles.None, CultureInfo.InvariantCulture) * s_powers[Decimals - decimals.Length];
        return new UsageValue(text[0] == '-' ? steps - fraction : checked(steps + fraction));
    }

    /// <summary>As a decimal; digits that it can't hold are rounded off, half away from zero. For display and charts: what is billed stays in the database.</summary>
    /// <exception cref="OverflowException">The whole part alone is too large.</exception>
    public decimal ToDecimal()
    {
        var (magnitude, scale) = WithoutZeros((UInt128)Int128.Abs(Steps), Decimals);
        var dropped = 0;
        while (scale - dropped > 0 && magnitude / (UInt128)s_powers[dropped] > (UInt128)decimal.MaxValue)
            dropped++;
        if (dropped > 0)
            (magnitude, scale) = WithoutZeros((magnitude + ((UInt128)s_powers[dropped] / 2)) / (UInt128)s_powers[dropped], scale - dropped);
        if (magnitude > (UInt128)decimal.MaxValue)
            throw new OverflowException("The amount does not fit into a decimal.");
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), Steps < 0, (byte)scale);
    }

    public int CompareTo(UsageValue other) => Steps.CompareTo(other.Steps);

    /// <summary>Plain decimal notation without superfluous zeros, e.g. <c>12.5</c>; the same in every culture.</summary>
    public override string ToString()
    {
        var (whole, fraction) = Int128.DivRem(Int128.Abs(Steps), StepsPerUnit);
        var sign = Steps < 0 ? "-" : "";
        if (fraction == 0)
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}");
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}.{(ulong)fraction:D12}").TrimEnd('0');
    }

    private static (UInt128 Magnitude, int Scale) WithoutZeros(UInt128 magnitude, int scale)
    {
        while (scale > 0 && magnitude % 10 == 0)
            (magnitude, scale) = (magnitude / 10, scale - 1);
        return (magnitude, scale);
    }

    // A text of at most 8 MiB shifts the point by less than this: what lies beyond is too large or too precise, whatever its digits.
    private static int ReadExponent(ReadOnlySpan<byte> text)
    {
        const int Beyond = 1_000_000_000;
        var negative = text[0] == (byte)'-';
        var exponent = 0;
        foreach (var digit in text[0] is (byte)'-' or (byte)'+' ? text[1..] : text)
            exponent = Math.Min(Beyond, (int)Math.Min(Beyond, (exponent * 10L) + (digit - (byte)'0')));
        return negative ? -exponent : exponent;
    }

    private static Int128[] MakePowers()
    {
        var powers = new Int128[WholeDigits + Decimals];
        powers[0] = 1;
        for (var index = 1; index < powers.Length; index++)
            powers[index] = powers[index - 1] * 10;
        return powers;
    }
}
