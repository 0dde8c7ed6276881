using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Metering;
using Portal.Core.Plans;

namespace Portal.Tests.Core.Plans;

public sealed class BillingPeriodsTests
{
    private static readonly BillingCycle s_month = new(BillingInterval.Month, 1);

    [Fact]
    public void Periods_that_are_anchored_on_the_31st_come_back_to_it_after_every_shorter_month()
    {
        var anchor = new DateOnly(2026, 1, 31);

        Enumerable.Range(0, 6).Select(index => BillingPeriods.At(anchor, s_month, index).From).ShouldBe(
            [new(2026, 1, 31), new(2026, 2, 28), new(2026, 3, 31), new(2026, 4, 30), new(2026, 5, 31), new(2026, 6, 30)]);
        BillingPeriods.At(new DateOnly(2028, 1, 31), s_month, 1).From.ShouldBe(new DateOnly(2028, 2, 29));
    }

    [Fact]
    public void A_year_from_29_February_ends_on_the_28th_and_comes_back_in_the_next_leap_year()
    {
        var year = new BillingCycle(BillingInterval.Year, 1);

        Enumerable.Range(0, 5).Select(index => BillingPeriods.At(new DateOnly(2024, 2, 29), year, index).From).ShouldBe(
            [new(2024, 2, 29), new(2025, 2, 28), new(2026, 2, 28), new(2027, 2, 28), new(2028, 2, 29)]);
    }

    [Theory]
    [InlineData("2026-02-27", 0)]
    [InlineData("2026-02-28", 1)]
    [InlineData("2026-03-30", 1)]
    [InlineData("2026-03-31", 2)]
    [InlineData("2026-01-30", -1)]
    public void A_day_is_in_the_period_that_holds_it(string day, int index) =>
        BillingPeriods.IndexOf(new DateOnly(2026, 1, 31), s_month, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(index);

    [Fact]
    public void Every_day_is_in_one_period_and_periods_leave_no_gap() => Prop.ForAll(Cases.ToArbitrary(), sample =>
    {
        var (anchor, cycle, day) = sample;
        var index = BillingPeriods.IndexOf(anchor, cycle, day);
        var period = BillingPeriods.At(anchor, cycle, index);

        period.Contains(day).ShouldBeTrue($"{day:O} in {period.From:O}..{period.To:O}");
        BillingPeriods.At(anchor, cycle, index + 1).From.ShouldBe(period.To);
        BillingPeriods.At(anchor, cycle, index - 1).To.ShouldBe(period.From);
        period.From.Day.ShouldBe(Math.Min(anchor.Day, DateTime.DaysInMonth(period.From.Year, period.From.Month)));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("America/New_York", 2026, 3, 743)]
    [InlineData("America/New_York", 2026, 11, 721)]
    [InlineData("Asia/Kolkata", 2026, 11, 720)]
    public void The_instants_of_a_period_follow_the_clocks_and_its_days_do_not(string zone, int year, int month, int hours)
    {
        var span = BillingPeriods.At(new DateOnly(year, month, 1), s_month, 0);
        var instants = span.Instants(new BillingCalendar(zone, null, null));

        (instants.End - instants.Start).TotalHours.ShouldBe(hours);
        span.Days.ShouldBe(DateTime.DaysInMonth(year, month));
    }

    private static Gen<(DateOnly Anchor, BillingCycle Cycle, DateOnly Day)> Cases =>
        from anchor in Gen.Choose(0, 5 * 365)
        from interval in Gen.Elements(BillingInterval.Month, BillingInterval.Year)
        from count in Gen.Choose(1, 12)
        from days in Gen.Choose(-2000, 2000)
        select (new DateOnly(2024, 1, 1).AddDays(anchor), new BillingCycle(interval, count), new DateOnly(2024, 1, 1).AddDays(anchor).AddDays(days));
}
