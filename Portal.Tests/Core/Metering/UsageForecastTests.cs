using Portal.Core.Metering;

namespace Portal.Tests.Core.Metering;

public sealed class UsageForecastTests
{
    private static readonly BillingMonth s_november = new(2026, 11);
    private static readonly DateOnly s_today = new(2026, 11, 21);

    [Fact]
    public void A_steady_pace_goes_on_to_the_end() =>
        UsageForecast.Of(Steady(new DateOnly(2026, 10, 1), 10), s_november, s_today).ShouldBe(300);

    [Fact]
    public void What_today_has_not_seen_yet_is_still_to_come()
    {
        var days = Steady(new DateOnly(2026, 10, 1), 10);
        days[s_today] = 4;

        UsageForecast.Of(days, s_november, s_today).ShouldBe(300);
    }

    [Fact]
    public void A_day_that_is_busier_than_usual_is_not_taken_back()
    {
        var days = Steady(new DateOnly(2026, 10, 1), 10);
        days[s_today] = 50;

        UsageForecast.Of(days, s_november, s_today).ShouldBe(200 + 50 + 90);
    }

    [Fact]
    public void The_last_week_decides_not_the_month()
    {
        var days = Steady(new DateOnly(2026, 11, 1), 10);
        for (var day = s_today.AddDays(-7); day < s_today; day = day.AddDays(1))
            days[day] = 100;

        UsageForecast.Of(days, s_november, s_today).ShouldBe((13 * 10) + (7 * 100) + (10 * 100));
    }

    [Fact]
    public void Who_began_two_days_ago_is_judged_by_two_days() =>
        UsageForecast.Of(Steady(new DateOnly(2026, 11, 19), 10), s_november, s_today).ShouldBe(20 + 100);

    [Fact]
    public void Who_stopped_a_week_ago_adds_nothing() =>
        UsageForecast.Of(new Dictionary<DateOnly, decimal> { [new(2026, 11, 2)] = 70 }, s_november, s_today).ShouldBe(70);

    [Fact]
    public void Before_the_first_whole_day_nobody_can_tell()
    {
        UsageForecast.Of(new Dictionary<DateOnly, decimal>(), s_november, s_today).ShouldBeNull();
        UsageForecast.Of(new Dictionary<DateOnly, decimal> { [s_today] = 9 }, s_november, s_today).ShouldBeNull();
    }

    private static Dictionary<DateOnly, decimal> Steady(DateOnly from, decimal value)
    {
        var days = new Dictionary<DateOnly, decimal>();
        for (var day = from; day < s_today; day = day.AddDays(1))
            days[day] = value;
        return days;
    }
}
