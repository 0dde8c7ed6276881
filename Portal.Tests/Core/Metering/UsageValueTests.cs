using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Metering;

namespace Portal.Tests.Core.Metering;

public class UsageValueTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.000e5", "0")]
    [InlineData("1", "1")]
    [InlineData("1.50", "1.5")]
    [InlineData("0.1", "0.1")]
    [InlineData("0.000000000001", "0.000000000001")]
    [InlineData("1.00000000000000000000", "1")]
    [InlineData("1e-12", "0.000000000001")]
    [InlineData("1.5E3", "1500")]
    [InlineData("1500e-2", "15")]
    [InlineData("999999999999999999", "999999999999999999")]
    [InlineData("999999999999999999.999999999999", "999999999999999999.999999999999")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("0e999999999999", "0")]
    [InlineData("0.0e-999999999999", "0")]
    public void A_number_is_read_exactly(string text, string expected)
    {
        var error = UsageValue.ReadNumber(Encoding.UTF8.GetBytes(text), out var value);
        error.ShouldBe(UsageValueError.None);
        value.ToString().ShouldBe(expected);
        UsageValue.ReadStored(expected).ShouldBe(value);
    }

    [Theory]
    [InlineData("-1", UsageValueError.Negative)]
    [InlineData("-0.000000000001", UsageValueError.Negative)]
    [InlineData("-1e400", UsageValueError.Negative)]
    [InlineData("1000000000000000000", UsageValueError.TooLarge)]
    [InlineData("1e18", UsageValueError.TooLarge)]
    [InlineData("1e400", UsageValueError.TooLarge)]
    [InlineData("1e99999999999999999999", UsageValueError.TooLarge)]
    [InlineData("0.0000000000001", UsageValueError.TooPrecise)]
    [InlineData("1.0000000000001", UsageValueError.TooPrecise)]
    [InlineData("12e-13", UsageValueError.TooPrecise)]
    [InlineData("1e-99999999999999999999", UsageValueError.TooPrecise)]
    public void A_number_out_of_range_is_refused(string text, UsageValueError expected) =>
        UsageValue.ReadNumber(Encoding.UTF8.GetBytes(text), out _).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("01")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("0x1F")]
    [InlineData("1,5")]
    [InlineData("true")]
    [InlineData("\"1\"")]
    [InlineData("1 2")]
    public void A_text_that_is_no_JSON_number_is_refused(string text) =>
        UsageValue.ReadText(Encoding.UTF8.GetBytes(text), out _).ShouldBe(UsageValueError.NotANumber);

    [Fact]
    public void What_is_printed_reads_back_the_same() => Check(
        Prop.ForAll(Whole.ToArbitrary(), number =>
        {
            var value = new UsageValue(number);
            UsageValue.ReadStored(value.ToString()).ShouldBe(value);
            if (number >= 0 && value < UsageValue.ReadStored("1000000000000000000"))
            {
                UsageValue.ReadNumber(Encoding.UTF8.GetBytes(value.ToString()), out var read).ShouldBe(UsageValueError.None);
                read.ShouldBe(value);
            }
        }));

    [Theory]
    [InlineData("999999999999999999.999999999999", "1000000000000000000")]
    [InlineData("79228162514264337.593543950335", "79228162514264337.593543950335")]
    [InlineData("79228162514264337.593543950336", "79228162514264337.59354395034")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("0", "0")]
    public void A_value_that_a_decimal_cannot_hold_is_rounded_for_display(string text, string expected) =>
        UsageValue.ReadStored(text).ToDecimal().ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(expected);

    private static Gen<Int128> Whole =>
        from high in Gen.Choose(-1_000_000_000, 1_000_000_000)
        from middle in Gen.Choose(0, 999_999_999)
        from low in Gen.Choose(0, 999_999_999)
        from power in Gen.Elements((Int128)1, 1_000, 1_000_000_000, 1_000_000_000_000_000)
        select ((((Int128)high * 1_000_000_000) + middle) * 1_000_000_000 + low) / power;

    private static void Check(Property property) => property.QuickCheckThrowOnFailure();
}
