using Portal.Components.Shared.Usage;
using Portal.Core.Metering;

namespace Portal.Tests.Components.Usage;

public sealed class UsageChartTests
{
    private static readonly BillingMonth s_november = new(2026, 11);

    [Fact]
    public void Units_never_share_an_axis()
    {
        var charts = UsageChart.Of(Month([Day(1, "api_calls", "calls", 5), Day(1, "storage", "GB", 2)]), "October");

        charts.Select(chart => chart.Unit).ShouldBe(["calls", "GB"]);
        charts.ShouldAllBe(chart => chart.Series.Count == 1);
    }

    [Fact]
    public void Days_without_usage_are_there_with_zero()
    {
        var series = UsageChart.Of(Month([Day(3, "api_calls", "calls", 5)]), "October").Single().Series.Single();

        series.Values.Count.ShouldBe(30);
        series.Values.Where(value => value.Value != 0).ShouldHaveSingleItem().Day.ShouldBe(new DateOnly(2026, 11, 3));
    }

    [Fact]
    public void Beyond_eight_metrics_the_smallest_are_drawn_as_one_and_nothing_is_lost()
    {
        var days = Enumerable.Range(1, 12).Select(size => Day(1, $"metric_{size:00}", "calls", size)).ToList();

        var series = UsageChart.Of(Month(days), "October").Single().Series;

        series.Count.ShouldBe(8);
        series[0].Name.ShouldBe("metric_12");
        series[^1].Name.ShouldBe("5 others");
        series.Sum(one => one.Values[0].Value).ShouldBe(days.Sum(day => day.Quantity));
    }

    [Fact]
    public void The_month_before_is_one_line_of_all_metrics_of_the_unit()
    {
        var usage = Month([Day(1, "api_calls", "calls", 5)]) with
        {
            DaysBefore = [new(new DateOnly(2026, 10, 31), "api_calls", "calls", 3, 1), new(new DateOnly(2026, 10, 31), "messages", "calls", 4, 1), new(new DateOnly(2026, 10, 1), "storage", "GB", 9, 1)],
        };

        var before = UsageChart.Of(usage, "October")[0].Before.ShouldNotBeNull();

        before.Values.Count.ShouldBe(31);
        before.Values[30].Value.ShouldBe(7);
        before.Values.Sum(value => value.Value).ShouldBe(7);
    }

    [Theory]
    [InlineData(150, 100, 50)]
    [InlineData(50, 100, -50)]
    [InlineData(100, 0, null)]
    public void A_closed_month_is_compared_with_the_whole_month_before(int quantity, int before, int? percent)
    {
        var usage = Month([]) with { CurrentMonth = new BillingMonth(2026, 12) };

        UsageComparison.Of(usage, new UsageTotal("api_calls", "calls", quantity, 1, before), new DateOnly(2026, 12, 5)).Percent.ShouldBe(percent);
    }

    [Fact]
    public void A_month_that_runs_is_compared_with_as_many_days()
    {
        var usage = Month([]) with { DaysBefore = [new(new DateOnly(2026, 10, 3), "api_calls", "calls", 40, 1), new(new DateOnly(2026, 10, 4), "api_calls", "calls", 60, 1)] };

        UsageComparison.Of(usage, new UsageTotal("api_calls", "calls", 50, 1, 100), new DateOnly(2026, 11, 3)).Percent.ShouldBe(25);
    }

    private static UsageDay Day(int day, string metric, string unit, decimal quantity) => new(new DateOnly(2026, 11, day), metric, unit, quantity, 1);

    private static UsageMonth Month(IReadOnlyList<UsageDay> days) => new()
    {
        OrganisationId = Guid.Empty,
        OrganisationName = "Example",
        TimeZone = "Asia/Kolkata",
        Locale = "en-IN",
        Month = s_november,
        CurrentMonth = s_november,
        Totals = [.. days.GroupBy(day => (day.MetricName, day.Unit)).Select(group => new UsageTotal(group.Key.MetricName, group.Key.Unit, group.Sum(day => day.Quantity), group.Count(), 0))],
        Days = days,
        DaysBefore = [],
        Metrics = [],
        Projects = [],
        HasEverBeenUsed = true,
    };
}
