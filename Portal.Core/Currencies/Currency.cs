using System.Collections.Frozen;

namespace Portal.Core.Currencies;

/// <summary>An ISO 4217 currency: its code and the decimals of its minor unit.</summary>
public sealed record Currency
{
    // ISO 4217:2015, list one. Currencies that are not here have two decimals.
    private static readonly FrozenDictionary<string, int> s_exponents = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["BIF"] = 0, ["CLP"] = 0, ["DJF"] = 0, ["GNF"] = 0, ["ISK"] = 0, ["JPY"] = 0, ["KMF"] = 0, ["KRW"] = 0, ["PYG"] = 0,
        ["RWF"] = 0, ["UGX"] = 0, ["VND"] = 0, ["VUV"] = 0, ["XAF"] = 0, ["XOF"] = 0, ["XPF"] = 0,
        ["BHD"] = 3, ["IQD"] = 3, ["JOD"] = 3, ["KWD"] = 3, ["LYD"] = 3, ["OMR"] = 3, ["TND"] = 3,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_codes = (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC " +
        "CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK " +
        "JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR " +
        "MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP " +
        "STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private Currency(string code) => (Code, Exponent) = (code, s_exponents.GetValueOrDefault(code, 2));

    /// <summary>Three capital letters, e.g. <c>INR</c>.</summary>
    public string Code { get; }

    /// <summary>Decimals of the minor unit: 0 for JPY, 2 for INR, 3 for KWD.</summary>
    public int Exponent { get; }

    /// <summary>Every code that is known, sorted.</summary>
    public static IReadOnlyList<string> Codes { get; } = [.. s_codes.Order(StringComparer.Ordinal)];

    /// <summary>The currency of a code. Throws for a code that ISO 4217 does not list.</summary>
    public static Currency Of(string code) => TryOf(code, out var currency) ? currency : throw new ArgumentException($"'{code}' is not an ISO 4217 currency code.", nameof(code));

    public static bool TryOf(string? code, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Currency? currency)
    {
        currency = code is not null && s_codes.Contains(code) ? new Currency(code) : null;
        return currency is not null;
    }

    /// <summary>Rounds half away from zero to the minor unit.</summary>
    public decimal Round(decimal amount) => Math.Round(amount, Exponent, MidpointRounding.AwayFromZero);

    /// <summary>The amount in integer minor units (paise, cents). Throws when it has more decimals than the currency.</summary>
    public long ToMinorUnits(decimal amount)
    {
        var scaled = amount * PowerOfTen(Exponent);
        return scaled == decimal.Truncate(scaled)
            ? decimal.ToInt64(scaled)
            : throw new ArgumentException($"{amount} has more than {Exponent} decimals.", nameof(amount));
    }

    /// <summary>The amount of so many minor units.</summary>
    public decimal FromMinorUnits(long minorUnits) => minorUnits / PowerOfTen(Exponent);

    public override string ToString() => Code;

    private static decimal PowerOfTen(int exponent) => exponent switch { 0 => 1m, 2 => 100m, 3 => 1000m, _ => throw new ArgumentOutOfRangeException(nameof(exponent)) };
}
