using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Portal.Core.Currencies;

namespace Portal.Payments.Razorpay;

/// <summary>
/// Razorpay's own table of currencies and their decimals (its page on international payments). It is not ISO 4217 and not our
/// accounting: amounts cross here and nowhere else.
/// </summary>
public static class RazorpayAmounts
{
    private static readonly FrozenDictionary<string, int> s_exponents = Table(
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
        (3, "BHD IQD JOD KWD OMR TND"),
        (2, "AED ALL AMD AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BZD CAD CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP " +
            "ETB EUR FJD GBP GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR JMD KES KGS KHR KYD KZT LAK LKR LRD LSL MAD MDL MGA MKD " +
            "MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SCR SEK SGD SLL SOS SVC " +
            "SZL THB TRY TTD TWD TZS UAH USD UYU UZS XCD YER ZAR ZMW"));

    /// <summary>The codes that Razorpay takes.</summary>
    public static IReadOnlyCollection<string> Codes => s_exponents.Keys;

    /// <summary>Razorpay's decimals of a currency; false for one it does not take.</summary>
    public static bool TryExponent(string? code, out int exponent)
    {
        exponent = 0;
        return code is not null && s_exponents.TryGetValue(code, out exponent);
    }

    /// <summary>
    /// The integer that goes over the wire. False for a currency that Razorpay does not take, an amount that is not above zero, too large,
    /// or finer than it takes: in three-decimal currencies the last digit must be 0.
    /// </summary>
    public static bool TryToUnits(Money money, out long units)
    {
        units = 0;
        if (!TryExponent(money.Currency.Code, out var exponent) || money.Amount <= 0 || money.Amount > 1_000_000_000_000m)
            return false;
        var scaled = money.Amount * PowerOfTen(exponent);
        if (scaled != decimal.Truncate(scaled) || (exponent == 3 && scaled % 10 != 0))
            return false;
        units = decimal.ToInt64(scaled);
        return true;
    }

    /// <summary>The amount of an integer from the wire. False for a currency that we or Razorpay do not know, or a negative amount.</summary>
    public static bool TryFromUnits(long units, string? code, [NotNullWhen(true)] out Money? money)
    {
        money = units >= 0 && TryExponent(code, out var exponent) && Currency.TryOf(code, out var currency)
            ? new Money(units / PowerOfTen(exponent), currency)
            : null;
        return money is not null;
    }

    /// <summary>The smallest amount not below <paramref name="due"/> that can be sent; null when none can.</summary>
    public static Money? Payable(Money due)
    {
        if (!TryExponent(due.Currency.Code, out var exponent))
            return null;
        var step = exponent == 3 ? 0.01m : 1m / PowerOfTen(exponent);
        var payable = due with { Amount = decimal.Ceiling(due.Amount / step) * step };
        return TryToUnits(payable, out _) ? payable : null;
    }

    private static decimal PowerOfTen(int exponent) => exponent switch { 0 => 1m, 2 => 100m, 3 => 1000m, _ => throw new ArgumentOutOfRangeException(nameof(exponent)) };

    private static FrozenDictionary<string, int> Table(params (int Exponent, string Codes)[] rows) => rows
        .SelectMany(row => row.Codes.Split(' ').Select(code => KeyValuePair.Create(code, row.Exponent)))
        .ToFrozenDictionary(StringComparer.Ordinal);
}
