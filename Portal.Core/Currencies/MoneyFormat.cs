using System.Globalization;

namespace Portal.Core.Currencies;

/// <summary>
/// Money and numbers for people to read. Nothing is rounded here: an amount is written with the decimals of its currency, or with all of its own
/// when it has more, so that what is read is what is stored. A currency is always written. Spaces are U+00A0, the minus is U+2212.
/// </summary>
public static class MoneyFormat
{
    /// <summary>The sign before what is below zero: as wide as a plus, and never broken off at the end of a line.</summary>
    public const string Minus = "\u2212";

    /// <summary>The locale tags that have a style of their own, sorted. Any other tag is written as its language is.</summary>
    public static IReadOnlyList<string> Locales => LocaleStyle.Known;

    /// <summary>An amount: <c>₹1,25,050.00</c> in en-IN, <c>$1,234.50</c> in en-US, <c>1.234,50 €</c> in de-DE, <c>KWD 12.500</c>.</summary>
    public static string Amount(Money money, string locale) => Amount(money.Amount, money.Currency, locale);

    /// <inheritdoc cref="Amount(Money, string)"/>
    public static string Amount(decimal amount, Currency currency, string locale)
    {
        ArgumentNullException.ThrowIfNull(currency);
        var style = LocaleStyle.Of(locale);
        var figure = style.Grouped(Plain(amount, currency.Exponent));
        var symbol = CurrencySymbol.Of(currency, style);
        // A code, or a symbol that ends in a letter, always stands apart: "KWD 12.500", never "KWD12.500".
        var space = style.SymbolSpace || style.SymbolAfter || char.IsLetter(symbol[^1]) ? "\u00A0" : "";
        return (amount < 0 ? Minus : "") + (style.SymbolAfter ? figure + space + symbol : symbol + space + figure);
    }

    /// <summary>The price of one unit: as an amount, with up to 12 decimals and at least those of the currency (<c>₹0.000125</c>, <c>₹0.10</c>).</summary>
    public static string UnitPrice(decimal price, Currency currency, string locale) => Amount(price, currency, locale);

    /// <summary>A quantity or a rate: grouped, trailing zeros left out (<c>12,34,567.5</c> in en-IN).</summary>
    public static string Number(decimal value, string locale) => (value < 0 ? Minus : "") + LocaleStyle.Of(locale).Grouped(Plain(value, 0));

    /// <summary>A rate of per cent: <c>18%</c>, <c>2.5%</c>; with a space where the decimal mark is a comma (<c>7,7 %</c>).</summary>
    public static string Percent(decimal rate, string locale) => Number(rate, locale) + (LocaleStyle.Of(locale).Decimal == ',' ? "\u00A0%" : "%");

    /// <summary>The value without its sign, with at least <paramref name="decimals"/> decimals and no trailing zeros after them.</summary>
    private static string Plain(decimal value, int decimals)
    {
        // The format of a decimal keeps its scale ("1.500"), so zeros are trimmed first, and then filled up to what the currency wants.
        var text = Math.Abs(value).ToString(CultureInfo.InvariantCulture);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : text[..point];
        var fraction = (point < 0 ? "" : text[(point + 1)..]).TrimEnd('0').PadRight(decimals, '0');
        return fraction.Length == 0 ? whole : whole + "." + fraction;
    }
}
