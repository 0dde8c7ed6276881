using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Currencies;

namespace Portal.Tests.Currencies;

public sealed class MoneyFormatTests
{
    // A plain space in the expectations stands for U+00A0.
    [Theory]
    [InlineData("125050", "INR", "en-IN", "₹1,25,050.00")]
    [InlineData("1234.5", "USD", "en-US", "$1,234.50")]
    [InlineData("500", "JPY", "ja-JP", "¥500")]
    [InlineData("12.5", "KWD", "en-US", "KWD 12.500")]
    [InlineData("12.5", "KWD", "de-DE", "12,500 KWD")]
    [InlineData("0", "INR", "en-IN", "₹0.00")]
    [InlineData("-1936.51", "INR", "en-IN", "−₹1,936.51")]
    [InlineData("-0.5", "EUR", "de-DE", "−0,50 €")]
    [InlineData("999", "INR", "en-IN", "₹999.00")]
    [InlineData("1000", "INR", "en-IN", "₹1,000.00")]
    [InlineData("99999", "INR", "en-IN", "₹99,999.00")]
    [InlineData("100000", "INR", "en-IN", "₹1,00,000.00")]
    [InlineData("12345678901.23", "INR", "hi-IN", "₹12,34,56,78,901.23")]
    [InlineData("12345678901.23", "INR", "en-US", "₹12,345,678,901.23")]
    [InlineData("1234567.8", "EUR", "fr-FR", "1 234 567,80 €")]
    [InlineData("1234567.8", "CHF", "de-CH", "CHF 1’234’567.80")]
    [InlineData("1234567.8", "EUR", "nl-NL", "€ 1.234.567,80")]
    [InlineData("1234567.8", "BRL", "pt-BR", "R$ 1.234.567,80")]
    [InlineData("1234567.8", "SEK", "sv-SE", "1 234 567,80 kr")]
    [InlineData("10", "SEK", "en-GB", "SEK 10.00")]
    [InlineData("10", "USD", "en-CA", "US$10.00")]
    [InlineData("10", "CAD", "en-CA", "$10.00")]
    [InlineData("10", "CAD", "en-US", "CA$10.00")]
    [InlineData("10", "USD", "en-IN", "$10.00")]
    [InlineData("10", "JPY", "zh-CN", "JPY 10")]
    [InlineData("10", "CNY", "ja-JP", "CN¥10.00")]
    [InlineData("10", "GBP", "en-IN", "£10.00")]
    [InlineData("100000", "INR", "ta-IN", "₹1,00,000.00")]
    [InlineData("100000", "PKR", "ur-PK", "PKR 1,00,000.00")]
    [InlineData("1000", "EUR", "de-LI", "1.000,00 €")]
    [InlineData("1000", "EUR", "xx-YY", "€1,000.00")]
    public void An_amount_is_written_as_its_readers_write_it(string amount, string currency, string locale, string expected) =>
        MoneyFormat.Amount(Parsed(amount), Currency.Of(currency), locale).Replace('\u00A0', ' ').ShouldBe(expected);

    [Theory]
    [InlineData("0.1", "INR", "en-IN", "₹0.10")]
    [InlineData("0.000000000125", "INR", "en-IN", "₹0.000000000125")]
    [InlineData("12500.000000000000", "INR", "en-IN", "₹12,500.00")]
    [InlineData("0.25", "JPY", "en-US", "¥0.25")]
    [InlineData("1.5", "JPY", "en-US", "¥1.5")]
    public void A_unit_price_keeps_all_its_decimals_and_no_zeros_for_nothing(string price, string currency, string locale, string expected) =>
        MoneyFormat.UnitPrice(Parsed(price), Currency.Of(currency), locale).ShouldBe(expected);

    [Theory]
    [InlineData("1234567.500", "en-IN", "12,34,567.5")]
    [InlineData("1234567.500", "de-DE", "1.234.567,5")]
    [InlineData("0.000000000001", "en-US", "0.000000000001")]
    [InlineData("100", "en-US", "100")]
    [InlineData("-1000", "en-US", "−1,000")]
    [InlineData("0.000", "en-US", "0")]
    public void A_quantity_is_grouped_without_trailing_zeros(string value, string locale, string expected) => MoneyFormat.Number(Parsed(value), locale).ShouldBe(expected);

    [Theory]
    [InlineData("18", "en-IN", "18%")]
    [InlineData("2.50", "en-IN", "2.5%")]
    [InlineData("7.7", "de-DE", "7,7 %")]
    public void A_rate_is_written_with_its_sign(string rate, string locale, string expected) => MoneyFormat.Percent(Parsed(rate), locale).Replace('\u00A0', ' ').ShouldBe(expected);

    [Fact]
    public void An_amount_never_breaks_over_two_lines() =>
        MoneyFormat.Locales.SelectMany(locale => Currency.Codes.Select(code => MoneyFormat.Amount(1234567.89m, Currency.Of(code), locale))).ShouldAllBe(text => !text.Contains(' '));

    [Fact]
    public void What_is_read_is_what_is_stored_in_every_locale_and_currency()
    {
        var cases = from units in ArbMap.Default.GeneratorFor<long>()
                    from code in Gen.Elements(Currency.Codes.ToArray())
                    from locale in Gen.Elements(MoneyFormat.Locales.ToArray())
                    select (units, code, locale);
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var currency = Currency.Of(one.code);
            var amount = currency.FromMinorUnits(one.units);
            var text = MoneyFormat.Amount(amount, currency, one.locale);
            var digits = string.Concat(text.Where(char.IsAsciiDigit));
            var back = decimal.Parse(digits, CultureInfo.InvariantCulture) / (decimal)Math.Pow(10, currency.Exponent);
            return (text.StartsWith('−') ? -back : back) == amount && (text.StartsWith('−') == (amount < 0));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_culture_of_the_machine_changes_nothing()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-SA");
            MoneyFormat.Amount(-125050m, Currency.Of("INR"), "en-IN").ShouldBe("−₹1,25,050.00");
            DateFormat.Day(new DateOnly(2026, 11, 21), "en-IN").ShouldBe("21 Nov 2026");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static decimal Parsed(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
