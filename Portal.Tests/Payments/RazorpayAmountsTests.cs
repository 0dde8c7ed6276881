using Portal.Core.Currencies;
using Portal.Payments.Razorpay;

namespace Portal.Tests.Payments;

public sealed class RazorpayAmountsTests
{
    [Theory]
    [InlineData("INR", "1250.50", 125050)]
    [InlineData("INR", "0.01", 1)]
    [InlineData("INR", "99999999.99", 9999999999)]
    [InlineData("USD", "10", 1000)]
    [InlineData("JPY", "1250", 1250)]
    [InlineData("KRW", "1", 1)]
    [InlineData("VND", "250000", 250000)]
    [InlineData("UGX", "5000", 5000)]
    [InlineData("ISK", "700", 700)]
    [InlineData("HUF", "100.25", 10025)]
    [InlineData("TWD", "100", 10000)]
    [InlineData("MGA", "12.50", 1250)]
    [InlineData("KWD", "99.99", 99990)]
    [InlineData("BHD", "1.230", 1230)]
    [InlineData("TND", "5", 5000)]
    public void An_amount_crosses_by_the_gateways_own_decimals_and_comes_back_the_same(string code, string amount, long units)
    {
        var money = new Money(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Currency.Of(code));
        RazorpayAmounts.TryToUnits(money, out var sent).ShouldBeTrue();
        sent.ShouldBe(units);
        RazorpayAmounts.TryFromUnits(units, code, out var back).ShouldBeTrue();
        back.ShouldBe(money);
    }

    [Theory]
    [InlineData("KWD", "99.991")] // The last of three decimals must be 0.
    [InlineData("JPY", "10.5")]
    [InlineData("INR", "1.005")]
    [InlineData("INR", "0")]
    [InlineData("INR", "-5")]
    [InlineData("INR", "1000000000001")]
    [InlineData("LYD", "5")] // ISO knows it, Razorpay does not take it.
    public void What_the_gateway_can_not_take_is_not_sent(string code, string amount) =>
        RazorpayAmounts.TryToUnits(new Money(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Currency.Of(code)), out _).ShouldBeFalse();

    [Theory]
    [InlineData("KWD", "99.991", "100")]
    [InlineData("KWD", "99.990", "99.99")]
    [InlineData("JPY", "10.2", "11")]
    [InlineData("INR", "12.34", "12.34")]
    [InlineData("INR", "12.341", "12.35")]
    public void A_payable_amount_is_the_next_that_can_be_sent(string code, string due, string payable) =>
        RazorpayAmounts.Payable(new Money(decimal.Parse(due, System.Globalization.CultureInfo.InvariantCulture), Currency.Of(code)))
            .ShouldBe(new Money(decimal.Parse(payable, System.Globalization.CultureInfo.InvariantCulture), Currency.Of(code)));

    [Fact]
    public void A_currency_that_is_not_taken_has_no_payable_amount() => RazorpayAmounts.Payable(new Money(5, Currency.Of("LYD"))).ShouldBeNull();

    [Fact]
    public void The_table_holds_the_published_128_currencies()
    {
        RazorpayAmounts.Codes.Count.ShouldBe(128);
        RazorpayAmounts.Codes.Count(code => Exponent(code) == 0).ShouldBe(16);
        RazorpayAmounts.Codes.Count(code => Exponent(code) == 3).ShouldBe(6);
        RazorpayAmounts.Codes.Count(code => Exponent(code) == 2).ShouldBe(106);
    }

    [Theory]
    [InlineData(-1, "INR")]
    [InlineData(100, "XXX")]
    [InlineData(100, null)]
    public void Nonsense_from_the_wire_is_no_amount(long units, string? code) => RazorpayAmounts.TryFromUnits(units, code, out _).ShouldBeFalse();

    private static int Exponent(string code) => RazorpayAmounts.TryExponent(code, out var exponent) ? exponent : throw new ArgumentException(code);
}
