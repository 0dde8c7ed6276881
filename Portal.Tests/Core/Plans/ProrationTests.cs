using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Currencies;
using Portal.Core.Metering;
using Portal.Core.Plans;

namespace Portal.Tests.Core.Plans;

public sealed class ProrationTests
{
    private static readonly string[] s_zones = ["Asia/Kolkata", "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut", "Pacific/Chatham", "Africa/Casablanca"];

    [Theory]
    // The amount, days before, days that remain of the period, and what they cost.
    [InlineData("100", 17, 14, "45.16")]
    [InlineData("200", 14, 17, "109.68")]
    [InlineData("10", 9, 22, "7.10")]
    [InlineData("100", 10, 20, "66.67")]
    [InlineData("50", 10, 20, "33.33")]
    [InlineData("100", 0, 31, "100")]
    public void Days_cost_their_share_of_the_period_that_it_really_is(string amount, int before, int days, string rest) =>
        Proration.Rest(Number(amount), Currency.Of("INR"), before, days).ShouldBe(Number(rest));

    [Fact]
    public void What_is_charged_less_what_is_given_back_may_differ_by_a_unit_from_one_computation() =>
        (Proration.Rest(100, Currency.Of("USD"), 10, 20) - Proration.Rest(50, Currency.Of("USD"), 10, 20)).ShouldBe(33.34m);

    [Fact]
    public void Parts_are_rounded_to_the_currency()
    {
        Proration.Split(1000, Currency.Of("JPY"), 1, 1, 1).ShouldBe([334, 333, 333]);
        Proration.Split(1, Currency.Of("KWD"), 1, 2).ShouldBe([0.333m, 0.667m]);
        Proration.Split(100, Currency.Of("INR"), 1, 1, 1).ShouldBe([33.34m, 33.33m, 33.33m]);
    }

    [Fact]
    public void In_every_month_and_zone_the_parts_on_both_sides_of_any_day_sum_to_the_whole()
    {
        foreach (var zone in s_zones)
        {
            var calendar = new BillingCalendar(zone, null, null);
            for (var month = new BillingMonth(2024, 1); month.Year <= 2028; month = month.Next)
            {
                var whole = new DaySpan(month.FirstDay, month.Next.FirstDay);
                for (var day = whole.From; day <= whole.To; day = day.AddDays(1))
                {
                    var (before, after) = (new DaySpan(whole.From, day), new DaySpan(day, whole.To));
                    before.Instants(calendar).End.ShouldBe(after.Instants(calendar).Start);
                    Proration.Split(999.99m, Currency.Of("INR"), before.Days, after.Days).Sum().ShouldBe(999.99m);
                }

                whole.Instants(calendar).ShouldBe(calendar.Period(month));
            }
        }
    }

    [Fact]
    public void Parts_sum_to_the_whole_and_none_is_a_unit_away_from_its_share() => Prop.ForAll(Cases.ToArbitrary(), sample =>
    {
        var (units, code, days) = sample;
        var currency = Currency.Of(code);
        var amount = currency.FromMinorUnits(units);
        var parts = Proration.Split(amount, currency, days);

        parts.Sum().ShouldBe(amount);
        for (var index = 0; index < parts.Count; index++)
        {
            currency.Round(parts[index]).ShouldBe(parts[index]);
            Math.Abs(parts[index] - (amount * days[index] / days.Sum())).ShouldBeLessThan(currency.FromMinorUnits(1));
        }
    }).QuickCheckThrowOnFailure();

    private static Gen<(int Units, string Code, int[] Days)> Cases =>
        from units in Gen.Choose(-10_000_000, 10_000_000)
        from code in Gen.Elements("INR", "JPY", "KWD")
        from count in Gen.Choose(1, 5)
        from days in Gen.Choose(1, 366).ListOf(count)
        select (units, code, days.ToArray());

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
