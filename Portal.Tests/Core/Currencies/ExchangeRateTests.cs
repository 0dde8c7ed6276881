using Portal.Core.Currencies;

namespace Portal.Tests.Core.Currencies;

public sealed class ExchangeRateTests
{
    private static readonly DateOnly s_last = new(2026, 10, 31);

    [Theory]
    [InlineData("USD", "INR", "12.35", "83.1250", "1026.59")] // 1026.59375
    [InlineData("USD", "INR", "10.00", "83.0005", "830.01")] // 830.005, half away from zero
    [InlineData("USD", "JPY", "10.00", "151.25", "1513")] // 1512.5
    [InlineData("USD", "KWD", "10.00", "0.30705", "3.071")] // 3.0705
    public void An_amount_is_rounded_once_to_the_minor_unit_of_the_target(string from, string to, string amount, string rate, string expected)
    {
        var book = new ExchangeRateBook([Rate(from, to, Number(rate), new DateOnly(2026, 10, 1))]);

        var converted = book.Convert(Number(amount), from, Currency.Of(to), s_last).ShouldNotBeNull();

        (converted.Amount, converted.Rate, converted.Day, converted.Original, converted.Currency).ShouldBe((Number(expected), Number(rate), s_last, Number(amount), from));
    }

    [Fact]
    public void The_rate_of_the_day_counts_and_without_one_there_is_no_amount()
    {
        var book = new ExchangeRateBook([Rate("USD", "INR", 83, new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 31)), Rate("USD", "INR", 84, new DateOnly(2026, 11, 1))]);

        book.Convert(1, "USD", Currency.Of("INR"), new DateOnly(2026, 10, 30))!.Amount.ShouldBe(83);
        book.Convert(1, "USD", Currency.Of("INR"), s_last).ShouldBeNull();
        book.Convert(1, "USD", Currency.Of("INR"), new DateOnly(2026, 11, 1))!.Amount.ShouldBe(84);
        book.Convert(1, "INR", Currency.Of("USD"), new DateOnly(2026, 11, 1)).ShouldBeNull();
    }

    [Fact]
    public void No_gap_of_a_day_goes_unnoticed()
    {
        ExchangeRate[] rates =
        [
            Rate("USD", "INR", 83, new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 31)),
            Rate("USD", "INR", 84, new DateOnly(2026, 11, 1)),
            Rate("EUR", "INR", 90, new DateOnly(2026, 9, 1), new DateOnly(2026, 10, 1)),
            Rate("EUR", "INR", 91, new DateOnly(2026, 10, 1), new DateOnly(2026, 11, 3)),
            Rate("GBP", "INR", 105, new DateOnly(2026, 9, 1), new DateOnly(2026, 12, 1)),
        ];

        ExchangeRateGap.Find(rates, new DateOnly(2026, 11, 3)).ShouldBe(
        [
            new ExchangeRateGap("EUR", "INR", new DateOnly(2026, 11, 3), null),
            new ExchangeRateGap("USD", "INR", s_last, new DateOnly(2026, 11, 1)),
        ]);
    }

    private static ExchangeRate Rate(string from, string to, decimal rate, DateOnly first, DateOnly? end = null) =>
        ExchangeRate.Create(new ExchangeRateTerms(from, to, rate, first, end, "test"), DateTimeOffset.UnixEpoch);

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
