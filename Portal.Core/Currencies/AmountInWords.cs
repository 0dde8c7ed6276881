namespace Portal.Core.Currencies;

/// <summary>
/// An amount of money in English words, as invoices in South Asia and the Gulf carry it:
/// <c>Rupees one lakh twenty-five thousand fifty and fifty paise only</c>.
/// </summary>
public static class AmountInWords
{
    private static readonly string[] s_small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] s_tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    // The greatest decimal is 79 octillion.
    private static readonly string[] s_thousands = ["", " thousand", " million", " billion", " trillion", " quadrillion", " quintillion", " sextillion", " septillion", " octillion"];

    /// <summary>
    /// The amount in words. Lakh and crore where the locale groups digits so (en-IN), else thousand, million, billion.
    /// A currency whose parts have no name here is written by its code: <c>MGA one thousand and 50/100 only</c>.
    /// </summary>
    /// <param name="money">Rounded to the minor unit; a negative amount begins with <c>Minus</c>.</param>
    /// <param name="locale">Decides the numbering, not the language: the words are English.</param>
    /// <exception cref="ArgumentException">The amount has more decimals than the currency.</exception>
    public static string Of(Money money, string locale)
    {
        if (money.Rounded() != money)
            throw new ArgumentException("Only an amount that is rounded to the minor unit can be put in words.", nameof(money));
        var indian = LocaleStyle.Of(locale).IndianGroups;
        var amount = Math.Abs(money.Amount);
        var whole = decimal.Truncate(amount);
        var minor = (int)new Money(amount - whole, money.Currency).MinorUnits();
        var names = CurrencyNames.Of(money.Currency);
        var text = (money.Amount < 0 ? "minus " : "") + $"{names?.Major ?? money.Currency.Code} {Cardinal(whole, indian)}";
        if (minor > 0)
        {
            text += names is { } known
                ? $" and {Cardinal(minor, indian)} {(minor == 1 ? known.MinorOne : known.MinorMany)}"
                : $" and {minor.ToString(new string('0', money.Currency.Exponent), System.Globalization.CultureInfo.InvariantCulture)}/1{new string('0', money.Currency.Exponent)}";
        }
        return char.ToUpperInvariant(text[0]) + text[1..] + " only";
    }

    /// <summary>A whole number of zero or more in words.</summary>
    internal static string Cardinal(decimal number, bool indian) => number < 1000 ? Hundreds((int)number) : indian ? Indian(number) : International(number);

    private static string Indian(decimal number)
    {
        var parts = new List<string>(4);
        var crores = decimal.Truncate(number / 10_000_000m);
        var rest = (int)(number % 10_000_000m);
        if (crores > 0)
            parts.Add(Cardinal(crores, indian: true) + " crore");
        if (rest / 100_000 is > 0 and var lakhs)
            parts.Add(Hundreds(lakhs) + " lakh");
        if (rest % 100_000 / 1000 is > 0 and var thousands)
            parts.Add(Hundreds(thousands) + " thousand");
        if (rest % 1000 is > 0 and var hundreds)
            parts.Add(Hundreds(hundreds));
        return string.Join(' ', parts);
    }

    private static string International(decimal number)
    {
        var parts = new Stack<string>();
        for (var power = 0; number > 0; power++, number = decimal.Truncate(number / 1000))
        {
            if ((int)(number % 1000) is > 0 and var group)
                parts.Push(Hundreds(group) + s_thousands[power]);
        }
        return string.Join(' ', parts);
    }

    private static string Hundreds(int number) => number switch
    {
        < 20 => s_small[number],
        < 100 => s_tens[number / 10] + (number % 10 == 0 ? "" : "-" + s_small[number % 10]),
        _ => s_small[number / 100] + " hundred" + (number % 100 == 0 ? "" : " " + Hundreds(number % 100)),
    };

    private static long MinorUnits(this Money money) => money.Currency.ToMinorUnits(money.Amount);
}
