using System.Collections.Frozen;

namespace Portal.Core.Currencies;

/// <summary>
/// How numbers, money and dates are written in a locale. The table is our own: what ICU answers changes with its version and with how much of
/// it a machine has, and an invoice must look the same wherever it is made. Spaces are U+00A0, so that an amount never breaks over two lines.
/// </summary>
/// <param name="Locale">The BCP 47 tag that the style was chosen for, e.g. <c>en-IN</c>.</param>
/// <param name="Group">What stands between groups of digits.</param>
/// <param name="Decimal">What stands before the decimals.</param>
/// <param name="IndianGroups">True when digits are grouped 12,34,567: lakh and crore.</param>
/// <param name="SymbolAfter">True when the currency follows the figure.</param>
/// <param name="SymbolSpace">True when a space stands between a currency symbol and the figure.</param>
/// <param name="HomeCurrency">The currency whose short symbol (<c>$</c>, <c>kr</c>) means this one here; null for none.</param>
/// <param name="Dates">The order and marks of a date.</param>
/// <param name="Months">Twelve short month names, then twelve long ones.</param>
/// <param name="TwelveHours">The words for before and after noon; null for a clock of 24 hours.</param>
internal sealed record LocaleStyle(
    string Locale,
    char Group,
    char Decimal,
    bool IndianGroups,
    bool SymbolAfter,
    bool SymbolSpace,
    string? HomeCurrency,
    DateOrder Dates,
    string[] Months,
    (string Am, string Pm)? TwelveHours)
{
    private const char NoBreak = '\u00A0';

    private static readonly (string, string) s_lower = ("am", "pm");
    private static readonly (string, string) s_upper = ("AM", "PM");

    // Unicode CLDR 46, common/main, with two changes: groups are always written, and no thin spaces.
    private static readonly FrozenDictionary<string, LocaleStyle> s_styles = new LocaleStyle[]
    {
        new("en-IN", ',', '.', true, false, false, "INR", DateOrder.DayMonthYear, MonthNames.English, s_lower),
        new("hi-IN", ',', '.', true, false, false, "INR", DateOrder.DayMonthYear, MonthNames.Hindi, s_lower),
        new("en-US", ',', '.', false, false, false, "USD", DateOrder.MonthDayYear, MonthNames.English, s_upper),
        new("en-GB", ',', '.', false, false, false, "GBP", DateOrder.DayMonthYear, MonthNames.English, null),
        new("en-IE", ',', '.', false, false, false, "EUR", DateOrder.DayMonthYear, MonthNames.English, null),
        new("en-AU", ',', '.', false, false, false, "AUD", DateOrder.DayMonthYear, MonthNames.English, s_lower),
        new("en-NZ", ',', '.', false, false, false, "NZD", DateOrder.DayMonthYear, MonthNames.English, s_lower),
        new("en-CA", ',', '.', false, false, false, "CAD", DateOrder.MonthDayYear, MonthNames.English, s_lower),
        new("en-SG", ',', '.', false, false, false, "SGD", DateOrder.DayMonthYear, MonthNames.English, s_lower),
        new("en-HK", ',', '.', false, false, false, "HKD", DateOrder.DayMonthYear, MonthNames.English, s_lower),
        new("en-AE", ',', '.', false, false, false, "AED", DateOrder.DayMonthYear, MonthNames.English, s_lower),
        new("de-DE", '.', ',', false, true, true, "EUR", DateOrder.DayDotMonthYear, MonthNames.German, null),
        new("de-AT", NoBreak, ',', false, false, true, "EUR", DateOrder.DayDotMonthYear, MonthNames.German, null),
        new("de-CH", '’', '.', false, false, true, "CHF", DateOrder.DayDotMonthYear, MonthNames.German, null),
        new("fr-FR", NoBreak, ',', false, true, true, "EUR", DateOrder.DayMonthYear, MonthNames.French, null),
        new("fr-CA", NoBreak, ',', false, true, true, "CAD", DateOrder.DayMonthYear, MonthNames.French, null),
        new("es-ES", '.', ',', false, true, true, "EUR", DateOrder.DayMonthYear, MonthNames.Spanish, null),
        new("es-MX", ',', '.', false, false, false, "MXN", DateOrder.DayMonthYear, MonthNames.Spanish, null),
        new("it-IT", '.', ',', false, true, true, "EUR", DateOrder.DayMonthYear, MonthNames.Italian, null),
        new("nl-NL", '.', ',', false, false, true, "EUR", DateOrder.DayMonthYear, MonthNames.Dutch, null),
        new("pt-BR", '.', ',', false, false, true, "BRL", DateOrder.DayMonthYear, MonthNames.Portuguese, null),
        new("pt-PT", NoBreak, ',', false, true, true, "EUR", DateOrder.DayMonthYear, MonthNames.Portuguese, null),
        new("sv-SE", NoBreak, ',', false, true, true, "SEK", DateOrder.DayMonthYear, MonthNames.Swedish, null),
        new("pl-PL", NoBreak, ',', false, true, true, "PLN", DateOrder.DayMonthYear, MonthNames.Polish, null),
        new("ja-JP", ',', '.', false, false, false, "JPY", DateOrder.YearSlashMonth, MonthNames.English, null),
        new("zh-CN", ',', '.', false, false, false, "CNY", DateOrder.YearSlashMonth, MonthNames.English, null),
        new("ko-KR", ',', '.', false, false, false, "KRW", DateOrder.YearSlashMonth, MonthNames.English, null),
    }.ToFrozenDictionary(style => style.Locale, StringComparer.OrdinalIgnoreCase);

    // Locales that are not in the table are written as the first one here that shares their language.
    private static readonly string[] s_byLanguage = ["en-GB", "hi-IN", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "pt-PT", "sv-SE", "pl-PL", "ja-JP", "zh-CN", "ko-KR"];

    // South Asia counts in lakh and crore whatever the language.
    private static readonly FrozenSet<string> s_indianRegions = FrozenSet.ToFrozenSet(["IN", "PK", "BD", "NP", "LK", "BT"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Tags that have a style of their own, sorted: what a settings page offers.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. s_styles.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The style of a tag; one that is not known is written as its language is, or as international English.</summary>
    public static LocaleStyle Of(string locale)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(locale);
        if (s_styles.TryGetValue(locale, out var known))
            return known;
        var parts = locale.Split('-', '_');
        var region = parts.Skip(1).LastOrDefault(part => part.Length == 2);
        var language = Array.Find(s_byLanguage, tag => tag.StartsWith(parts[0] + "-", StringComparison.OrdinalIgnoreCase));
        var style = s_styles[region is not null && s_indianRegions.Contains(region) ? language == "hi-IN" ? language : "en-IN" : language ?? "en-GB"];
        return style with { Locale = locale, HomeCurrency = string.Equals(region, "IN", StringComparison.OrdinalIgnoreCase) ? "INR" : null };
    }

    /// <summary>A non-negative number in plain notation (digits, perhaps a point and decimals) with this style's marks.</summary>
    public string Grouped(string plain)
    {
        var point = plain.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? plain : plain[..point];
        var result = new System.Text.StringBuilder(plain.Length + 12);
        for (var index = 0; index < whole.Length; index++)
        {
            var left = whole.Length - index;
            if (index > 0 && (IndianGroups ? left == 3 || (left > 3 && left % 2 == 1) : left % 3 == 0))
                result.Append(Group);
            result.Append(whole[index]);
        }
        return point < 0 ? result.ToString() : result.Append(Decimal).Append(plain, point + 1, plain.Length - point - 1).ToString();
    }
}

/// <summary>The order and marks of a date.</summary>
internal enum DateOrder
{
    /// <summary>21 Nov 2026</summary>
    DayMonthYear,

    /// <summary>21. Nov. 2026</summary>
    DayDotMonthYear,

    /// <summary>Nov 21, 2026</summary>
    MonthDayYear,

    /// <summary>2026/11/21</summary>
    YearSlashMonth,
}
