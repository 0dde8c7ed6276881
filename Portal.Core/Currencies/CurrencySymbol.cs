using System.Collections.Frozen;

namespace Portal.Core.Currencies;

/// <summary>Symbols that say which currency is meant; where a symbol would be ambiguous, the code is written.</summary>
internal static class CurrencySymbol
{
    // Short where the currency is at home, wide elsewhere. Only those that people read without a second thought: the rest is its code.
    private static readonly FrozenDictionary<string, (string Home, string Elsewhere)> s_symbols = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["INR"] = ("₹", "₹"), ["EUR"] = ("€", "€"), ["GBP"] = ("£", "£"), ["USD"] = ("$", "$"), ["JPY"] = ("¥", "¥"), ["CNY"] = ("¥", "CN¥"),
        ["KRW"] = ("₩", "₩"), ["BRL"] = ("R$", "R$"), ["AUD"] = ("$", "A$"), ["CAD"] = ("$", "CA$"), ["NZD"] = ("$", "NZ$"), ["HKD"] = ("$", "HK$"),
        ["SGD"] = ("$", "S$"), ["MXN"] = ("$", "MX$"), ["SEK"] = ("kr", "SEK"), ["PLN"] = ("zł", "PLN"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The mark of a currency for readers in a locale: a symbol, or its code.</summary>
    public static string Of(Currency currency, LocaleStyle style)
    {
        if (!s_symbols.TryGetValue(currency.Code, out var symbol))
            return currency.Code;
        if (currency.Code == style.HomeCurrency)
            return symbol.Home;
        // A short symbol that means another currency here can't stand for this one.
        var taken = style.HomeCurrency is { } home && s_symbols.TryGetValue(home, out var own) && own.Home == symbol.Elsewhere;
        return !taken ? symbol.Elsewhere : currency.Code == "USD" ? "US$" : currency.Code;
    }
}
