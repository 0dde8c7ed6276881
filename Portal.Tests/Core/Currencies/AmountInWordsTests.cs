using System.Globalization;
using Portal.Core.Currencies;

namespace Portal.Tests.Currencies;

public sealed class AmountInWordsTests
{
    [Theory]
    [InlineData("125050.50", "INR", "en-IN", "Rupees one lakh twenty-five thousand fifty and fifty paise only")]
    [InlineData("125050.50", "INR", "en-US", "Rupees one hundred twenty-five thousand fifty and fifty paise only")]
    [InlineData("0", "INR", "en-IN", "Rupees zero only")]
    [InlineData("0.01", "INR", "en-IN", "Rupees zero and one paisa only")]
    [InlineData("1", "INR", "en-IN", "Rupees one only")]
    [InlineData("19", "INR", "en-IN", "Rupees nineteen only")]
    [InlineData("20", "INR", "en-IN", "Rupees twenty only")]
    [InlineData("99", "INR", "en-IN", "Rupees ninety-nine only")]
    [InlineData("100", "INR", "en-IN", "Rupees one hundred only")]
    [InlineData("1001", "INR", "en-IN", "Rupees one thousand one only")]
    [InlineData("100000", "INR", "en-IN", "Rupees one lakh only")]
    [InlineData("10000000", "INR", "en-IN", "Rupees one crore only")]
    [InlineData("99999999", "INR", "en-IN", "Rupees nine crore ninety-nine lakh ninety-nine thousand nine hundred ninety-nine only")]
    [InlineData("1234500000000", "INR", "en-IN", "Rupees one lakh twenty-three thousand four hundred fifty crore only")]
    [InlineData("1000000", "USD", "en-US", "US dollars one million only")]
    [InlineData("1234.01", "USD", "en-US", "US dollars one thousand two hundred thirty-four and one cent only")]
    [InlineData("1000000000001", "USD", "en-US", "US dollars one trillion one only")]
    [InlineData("12.005", "KWD", "en-GB", "Kuwaiti dinars twelve and five fils only")]
    [InlineData("500", "JPY", "ja-JP", "Yen five hundred only")]
    [InlineData("1000.5", "MGA", "en-GB", "MGA one thousand and 50/100 only")]
    [InlineData("7.025", "TND", "en-GB", "TND seven and 025/1000 only")]
    [InlineData("-50.5", "INR", "en-IN", "Minus rupees fifty and fifty paise only")]
    public void An_amount_is_put_in_words(string amount, string currency, string locale, string expected) =>
        AmountInWords.Of(new(decimal.Parse(amount, CultureInfo.InvariantCulture), Currency.Of(currency)), locale).ShouldBe(expected);

    [Fact]
    public void An_amount_that_is_not_rounded_is_refused() => Should.Throw<ArgumentException>(() => AmountInWords.Of(new(0.005m, Currency.Of("INR")), "en-IN"));

    [Fact]
    public void The_greatest_amount_has_words_too()
    {
        AmountInWords.Of(new(decimal.MaxValue, Currency.Of("JPY")), "en-US").ShouldStartWith("Yen seventy-nine octillion");
        AmountInWords.Of(new(decimal.MaxValue, Currency.Of("JPY")), "en-IN").ShouldEndWith("three hundred thirty-five only");
    }
}
