using Portal.Components.Shared.Usage;
using Portal.Core.Metering;

namespace Portal.Tests.Components.Usage;

public sealed class UsageChartTests
{
    private static readonly BillingMonth s_november = new(2026, 11);

    [Fact]
    public void Units_never_share_an_axis()
    {
        var charts = UsageChart.Of(Course([new(0, "api_calls", "calls", 5), new(0, "storage", "GB", 2)]), ["calls", "GB", "calls"], "October");

        charts.Select(chart => chart.Unit).ShouldBe(["calls", "GB"]);
        charts.ShouldAllBe(chart => chart.Series.Count == 1);
    }

    [Fact]
    public void Slots_without_usage_are_there_with_zero()
    {
        var series = UsageChart.Of(Course([new(2, "api_calls", "calls", 5)]), ["calls"], "October").Single().Series.Single();

        series.Values.Count.ShouldBe(30);
        series.Values.Select((value, slot) => (value, slot)).Where(one => one.value != 0).ShouldHaveSingleItem().slot.ShouldBe(2);
    }

    [Fact]
    public void A_unit_that_was_quiet_has_an_axis_all_the_same()
    {
        var chart = UsageChart.Of(Course([]) with { Before = [new(0, "api_calls", "calls", 4)] }, ["calls"], "October").Single();

        chart.Series.Single().Values.ShouldAllBe(value => value == 0);
        chart.Before.ShouldNotBeNull().Values[0].ShouldBe(4);
    }

    [Fact]
    public void Beyond_eight_metrics_the_smallest_are_drawn_as_one_and_nothing_is_lost()
    {
        var sums = Enumerable.Range(1, 12).Select(size => new UsageSlotSum(0, $"metric_{size:00}", "calls", size)).ToList();

        var series = UsageChart.Of(Course(sums), ["calls"], "October").Single().Series;

        series.Count.ShouldBe(8);
        series[0].Name.ShouldBe("metric_12");
        series[^1].Name.ShouldBe("5 others");
        series.Sum(one => one.Values[0]).ShouldBe(sums.Sum(sum => sum.Quantity));
    }

    [Fact]
    public void The_other_period_is_one_line_of_all_metrics_of_the_unit_as_long_as_this_one()
    {
        var course = Course([new(0, "api_calls", "calls", 5)]) with
        {
            Before = [new(30, "api_calls", "calls", 3), new(29, "api_calls", "calls", 3), new(29, "messages", "calls", 4), new(0, "storage", "GB", 9)],
        };

        var before = UsageChart.Of(course, ["calls", "GB"], "October")[0].Before.ShouldNotBeNull();

        before.Name.ShouldBe("October");
        before.Values.Count.ShouldBe(30);
        before.Values[29].ShouldBe(7);
        before.Values.Sum().ShouldBe(7);
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

    private static UsageCourse Course(IReadOnlyList<UsageSlotSum> sums) =>
        new([.. Enumerable.Range(1, 30).Select(day => new UsageSlot(new DateOnly(2026, 11, day), new DateTimeOffset(2026, 11, day, 0, 0, 0, TimeSpan.Zero), null))], sums, [], s_november.Previous, null);

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
        Course = Course([]),
        ProjectTotals = [],
        Metrics = [],
        Projects = [],
        HasEverBeenUsed = true,
    };
}
