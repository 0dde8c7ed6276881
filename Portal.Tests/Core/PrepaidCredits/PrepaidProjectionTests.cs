using Portal.Core.PrepaidCredits;

namespace Portal.Tests.Core.PrepaidCredits;

public sealed class PrepaidProjectionTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 3, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_goes_down_by_the_pace_and_not_below_nothing() =>
        PrepaidForecast.Project([new ForecastGrant(25, null)], 10, s_now, 4).ShouldBe([15m, 5m, 0m, 0m]);

    [Fact]
    public void What_expires_is_used_first_and_lost_then() =>
        PrepaidForecast.Project([new ForecastGrant(100, null), new ForecastGrant(50, s_now.AddDays(2))], 10, s_now, 3).ShouldBe([140m, 100m, 90m]);

    [Fact]
    public void Without_use_only_expiry_moves_it() =>
        PrepaidForecast.Project([new ForecastGrant(5, s_now.AddDays(1)), new ForecastGrant(5, null)], 0, s_now, 2).ShouldBe([5m, 5m]);
}
