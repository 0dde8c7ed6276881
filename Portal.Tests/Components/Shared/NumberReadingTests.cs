using System.Globalization;
using Portal.Components.Shared.Forms;

namespace Portal.Tests.Components.Shared;

public sealed class NumberReadingTests
{
    [Theory]
    [InlineData("0", "en-IN", "0")]
    [InlineData(" 12.50 ", "en-IN", "12.50")]
    [InlineData("-3.5", "en-IN", "-3.5")]
    [InlineData("−3.5", "en-IN", "-3.5")]
    [InlineData("1,25,050.00", "en-IN", "125050.00")]
    [InlineData("1,234,567.5", "en-US", "1234567.5")]
    [InlineData("1,234", "en-US", "1234")]
    [InlineData("0,5", "en-US", "0.5")]
    [InlineData("12,50", "en-IN", "12.50")]
    [InlineData("1,234", "de-DE", "1.234")]
    [InlineData("1.234,50", "de-DE", "1234.50")]
    [InlineData("1.234.567", "de-DE", "1234567")]
    [InlineData("1.234", "de-DE", "1.234")]
    [InlineData("1 234,5", "fr-FR", "1234.5")]
    [InlineData("1'234.5", "de-CH", "1234.5")]
    [InlineData("0.000000000001", "en-IN", "0.000000000001")]
    [InlineData("999999999999999999.999999999999", "en-IN", "999999999999999999.999999999999")]
    public void A_number_is_read_as_it_is_typed(string text, string locale, string expected)
    {
        NumberReading.TryRead(text, locale, out var value).ShouldBeTrue();

        value.ShouldBe(decimal.Parse(expected, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("1e5")]
    [InlineData("1,2,3")]
    [InlineData("1.2.3")]
    [InlineData("1,23,4.5")]
    [InlineData("1.5,000")]
    [InlineData("--1")]
    [InlineData("1-2")]
    [InlineData("₹5")]
    [InlineData("99999999999999999999999999999999")]
    public void What_is_no_number_is_refused_and_not_guessed(string text) => NumberReading.TryRead(text, "en-IN", out _).ShouldBeFalse();
}
