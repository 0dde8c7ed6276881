using System.Globalization;
using Portal.Core.Currencies;

namespace Portal.Components.Shared.Forms;

/// <summary>Numbers as people type them, read without a detour over floating point.</summary>
public static class NumberReading
{
    /// <summary>
    /// Reads digits with or without groups (<c>1,25,050.00</c>, <c>1.234,50</c>, <c>1 234.5</c>, <c>1'234</c>). With both a point and a comma, the last is the
    /// decimal mark. A comma alone is one where the locale writes it so, or where no group could end there; a point alone always is, unless it comes twice.
    /// </summary>
    public static bool TryRead(string text, string locale, out decimal value)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = 0;
        var plain = string.Concat(text.Where(character => !char.IsWhiteSpace(character) && character is not ('\'' or '’' or '_'))).Replace('\u2212', '-');
        if (plain.Length == 0 || plain.Any(character => !char.IsAsciiDigit(character) && character is not ('.' or ',' or '-')))
            return false;
        var (points, commas) = (plain.Count(character => character == '.'), plain.Count(character => character == ','));
        char? mark = (points, commas) switch
        {
            (0, 0) => null,
            (> 0, > 0) => plain.LastIndexOf('.') > plain.LastIndexOf(',') ? '.' : ',',
            (1, 0) => '.',
            (0, 1) => CommaIsDecimal(locale) || !EndsInGroup(plain) ? ',' : null,
            _ => null,
        };
        if (mark is not null && plain.Count(character => character == mark) > 1)
            return false;
        var whole = mark is { } at ? plain[..plain.LastIndexOf(at)] : plain;
        if ((points + commas > (mark is null ? 0 : 1)) && !IsGrouped(whole))
            return false;
        var normal = string.Concat(whole.Where(character => character is not ('.' or ','))) + (mark is { } decimalMark ? "." + plain[(plain.LastIndexOf(decimalMark) + 1)..] : "");
        return decimal.TryParse(normal, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
    }

    private static bool CommaIsDecimal(string locale) => MoneyFormat.Number(0.5m, locale).Contains(',', StringComparison.Ordinal);

    private static bool EndsInGroup(string plain) => plain.Length - plain.LastIndexOf(',') == 4 && plain.IndexOf(',', StringComparison.Ordinal) is > 0 and <= 4;

    // 1,234,567 and 12,34,567: three digits at the end, two or three between, one kind of mark.
    private static bool IsGrouped(string whole)
    {
        var parts = whole.TrimStart('-').Split('.', ',');
        return parts.Length > 1
            && !(whole.Contains('.', StringComparison.Ordinal) && whole.Contains(',', StringComparison.Ordinal))
            && parts[0].Length is >= 1 and <= 3
            && parts[^1].Length == 3
            && parts[1..].All(part => part.Length is 2 or 3);
    }
}
