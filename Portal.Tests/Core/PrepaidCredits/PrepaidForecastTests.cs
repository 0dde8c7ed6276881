using Portal.Core.PrepaidCredits;

namespace Portal.Tests.Core.PrepaidCredits;

public sealed class PrepaidForecastTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 3, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Three_hundred_credits_at_ten_a_day_last_thirty_days()
    {
        var forecast = PrepaidForecast.Of([new ForecastGrant(300, null)], used: 300, days: 30, s_now);

        forecast.ShouldBe(new PrepaidForecast(10, 30, s_now.AddDays(30), 0));
    }

    [Fact]
    public void What_expires_before_it_is_used_is_lost()
    {
        // 100 in five days at 10 a day: 50 are used, 50 lost; then 40 last four days.
        var forecast = PrepaidForecast.Of([new ForecastGrant(40, null), new ForecastGrant(100, s_now.AddDays(5))], used: 100, days: 10, s_now);

        (forecast.RunsOutAt, forecast.WillExpire).ShouldBe((s_now.AddDays(9), 50m));
    }

    [Fact]
    public void Without_use_only_expiry_ends_it()
    {
        PrepaidForecast.Of([new ForecastGrant(40, null)], 0, 30, s_now).RunsOutAt.ShouldBeNull();
        var forecast = PrepaidForecast.Of([new ForecastGrant(40, s_now.AddDays(5))], 0, 30, s_now);
        (forecast.RunsOutAt, forecast.WillExpire).ShouldBe((s_now.AddDays(5), 40m));
        PrepaidForecast.Of([], 10, 30, s_now).RunsOutAt.ShouldBeNull();
    }
}
