using System.Collections.Frozen;

namespace Portal.Core.Currencies;

/// <summary>English names of a currency's units, for amounts in words.</summary>
/// <param name="Major">Plural, e.g. <c>rupees</c>.</param>
/// <param name="MinorOne">One of the minor unit; empty for a currency without one.</param>
/// <param name="MinorMany">Several of it.</param>
internal sealed record CurrencyNames(string Major, string MinorOne, string MinorMany)
{
    private static readonly FrozenDictionary<string, CurrencyNames> s_names = new Dictionary<string, CurrencyNames>(StringComparer.Ordinal)
    {
        ["INR"] = new("rupees", "paisa", "paise"),
        ["PKR"] = new("Pakistani rupees", "paisa", "paisa"),
        ["NPR"] = new("Nepalese rupees", "paisa", "paisa"),
        ["LKR"] = new("Sri Lankan rupees", "cent", "cents"),
        ["BDT"] = new("taka", "poisha", "poisha"),
        ["USD"] = new("US dollars", "cent", "cents"),
        ["CAD"] = new("Canadian dollars", "cent", "cents"),
        ["AUD"] = new("Australian dollars", "cent", "cents"),
        ["NZD"] = new("New Zealand dollars", "cent", "cents"),
        ["SGD"] = new("Singapore dollars", "cent", "cents"),
        ["HKD"] = new("Hong Kong dollars", "cent", "cents"),
        ["EUR"] = new("euros", "cent", "cents"),
        ["GBP"] = new("pounds sterling", "penny", "pence"),
        ["CHF"] = new("Swiss francs", "centime", "centimes"),
        ["SEK"] = new("Swedish kronor", "öre", "öre"),
        ["NOK"] = new("Norwegian kroner", "øre", "øre"),
        ["DKK"] = new("Danish kroner", "øre", "øre"),
        ["PLN"] = new("Polish zloty", "grosz", "groszy"),
        ["BRL"] = new("Brazilian reais", "centavo", "centavos"),
        ["MXN"] = new("Mexican pesos", "centavo", "centavos"),
        ["ZAR"] = new("rand", "cent", "cents"),
        ["AED"] = new("UAE dirhams", "fils", "fils"),
        ["SAR"] = new("Saudi riyals", "halala", "halalas"),
        ["QAR"] = new("Qatari riyals", "dirham", "dirhams"),
        ["OMR"] = new("Omani rials", "baisa", "baisa"),
        ["KWD"] = new("Kuwaiti dinars", "fils", "fils"),
        ["BHD"] = new("Bahraini dinars", "fils", "fils"),
        ["JPY"] = new("yen", "", ""),
        ["KRW"] = new("won", "", ""),
        ["CNY"] = new("yuan", "fen", "fen"),
        ["THB"] = new("baht", "satang", "satang"),
        ["MYR"] = new("ringgit", "sen", "sen"),
        ["IDR"] = new("rupiah", "sen", "sen"),
        ["PHP"] = new("Philippine pesos", "centavo", "centavos"),
        ["KES"] = new("Kenyan shillings", "cent", "cents"),
        ["NGN"] = new("naira", "kobo", "kobo"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names, or null when the code has to do.</summary>
    public static CurrencyNames? Of(Currency currency) => s_names.GetValueOrDefault(currency.Code);
}
