using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Metering;

namespace Portal.Tests.Core.Metering;

public class BillingCalendarTests
{
    private static readonly string[] s_zones =
    [
        "Asia/Kolkata", "Asia/Kathmandu", "UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Chatham",
        "America/St_Johns", "Asia/Tehran", "America/Sao_Paulo", "Asia/Beirut", "Africa/Casablanca", "Asia/Gaza", "America/Havana", "America/Asuncion", "Pacific/Apia",
    ];

    [Theory]
    [InlineData("Asia/Kolkata", "2026-03-31T18:29:59.9999999Z", "2026-03")]
    [InlineData("Asia/Kolkata", "2026-03-31T18:30:00Z", "2026-04")]
    [InlineData("Asia/Kathmandu", "2026-03-31T18:14:59Z", "2026-03")]
    [InlineData("Asia/Kathmandu", "2026-03-31T18:15:00Z", "2026-04")]
    [InlineData("America/New_York", "2026-04-01T03:59:59Z", "2026-03")]
    [InlineData("America/New_York", "2026-04-01T04:00:00Z", "2026-04")]
    [InlineData("America/New_York", "2026-12-01T04:59:59Z", "2026-11")]
    [InlineData("America/New_York", "2026-12-01T05:00:00Z", "2026-12")]
    [InlineData("Australia/Lord_Howe", "2026-03-31T12:59:59Z", "2026-03")]
    [InlineData("Australia/Lord_Howe", "2026-03-31T13:00:00Z", "2026-04")]
    [InlineData("Australia/Lord_Howe", "2026-06-30T13:29:59Z", "2026-06")]
    [InlineData("Australia/Lord_Howe", "2026-06-30T13:30:00Z", "2026-07")]
    [InlineData("Pacific/Kiritimati", "2026-12-31T10:00:00Z", "2027-01")]
    [InlineData("Pacific/Pago_Pago", "2027-01-01T10:59:59Z", "2026-12")]
    public void An_instant_is_billed_in_the_month_of_the_zone(string zone, string instant, string month) =>
        new BillingCalendar(zone, null, null).MonthOf(At(instant)).ToString().ShouldBe(month);

    [Fact]
    public void Where_clocks_jump_over_midnight_the_month_begins_at_the_first_instant_that_exists()
    {
        // Clocks went from 00:00 to 01:00 on 1 October 1995 in Paraguay.
        var calendar = new BillingCalendar("America/Asuncion", null, null);
        var october = calendar.Period(new BillingMonth(1995, 10));
        october.Start.ShouldBe(At("1995-10-01T04:00:00Z"));
        calendar.MonthOf(october.Start.AddTicks(-1)).ShouldBe(new BillingMonth(1995, 9));
        calendar.MonthOf(october.Start).ShouldBe(new BillingMonth(1995, 10));
    }

    [Fact]
    public void Where_midnight_comes_twice_both_hours_are_in_one_month()
    {
        // Clocks went back from 01:00 to 00:00 on 1 November 2026 in Havana: 00:00 to 01:00 comes twice.
        var calendar = new BillingCalendar("America/Havana", null, null);
        var november = calendar.Period(new BillingMonth(2026, 11));
        november.Start.ShouldBe(At("2026-11-01T04:00:00Z"));
        calendar.MonthOf(At("2026-11-01T05:00:00Z")).ShouldBe(new BillingMonth(2026, 11));
    }

    [Fact]
    public void Where_clocks_are_set_back_over_midnight_each_instant_is_in_one_month()
    {
        // Clocks went back from 00:01 to 23:01 on 1 November 2009 in St. John's.
        var calendar = new BillingCalendar("America/St_Johns", null, null);
        var november = calendar.Period(new BillingMonth(2009, 11));
        for (var instant = november.Start.AddHours(-3); instant < november.Start.AddHours(3); instant = instant.AddSeconds(30))
            calendar.MonthOf(instant).ShouldBe(new BillingMonth(2009, instant < november.Start ? 10 : 11));
    }

    [Theory]
    [InlineData("Asia/Kolkata", "America/New_York")]
    [InlineData("America/New_York", "Asia/Kolkata")]
    [InlineData("Asia/Kolkata", "Asia/Kathmandu")]
    [InlineData("Pacific/Kiritimati", "Pacific/Pago_Pago")]
    [InlineData("Pacific/Pago_Pago", "Pacific/Kiritimati")]
    public void A_change_of_zone_leaves_no_gap_and_no_overlap(string before, string after)
    {
        var change = new BillingCalendar(before, null, null).Period(new BillingMonth(2026, 10)).End;
        var calendar = new BillingCalendar(before, after, change);
        calendar.Period(new BillingMonth(2026, 10)).End.ShouldBe(change);
        calendar.Period(new BillingMonth(2026, 11)).Start.ShouldBe(change);
        calendar.Period(new BillingMonth(2026, 11)).End.ShouldBe(new BillingCalendar(after, null, null).Period(new BillingMonth(2026, 11)).End);
        calendar.MonthOf(change.AddTicks(-1)).ShouldBe(new BillingMonth(2026, 10));
        calendar.MonthOf(change).ShouldBe(new BillingMonth(2026, 11));
        calendar.MonthOf(change.AddHours(13)).ShouldBe(new BillingMonth(2026, 11));
        calendar.MonthOf(change.AddDays(2)).ShouldBe(new BillingMonth(2026, 11));
    }

    [Fact]
    public void Every_instant_is_in_exactly_the_month_whose_period_holds_it() => Prop.ForAll(Cases.ToArbitrary(), sample =>
    {
        var (zone, next, instant) = sample;
        var change = next is null ? (DateTimeOffset?)null : new BillingCalendar(zone, null, null).Period(new BillingMonth(2026, 6)).End;
        var calendar = new BillingCalendar(zone, next, change);
        var month = calendar.MonthOf(instant);
        var period = calendar.Period(month);
        (instant >= period.Start && instant < period.End).ShouldBeTrue($"{instant:O} in {period.Start:O}..{period.End:O} of {month} in {zone} > {next}");
        calendar.Period(month.Next).Start.ShouldBe(period.End);
        calendar.Period(month.Previous).End.ShouldBe(period.Start);
        // The answer does not depend on what was asked before.
        calendar.MonthOf(period.End).ShouldBe(month.Next);
        calendar.MonthOf(period.Start.AddTicks(-1)).ShouldBe(month.Previous);
        calendar.MonthOf(instant).ShouldBe(month);
    }).QuickCheckThrowOnFailure();

    // Instants gather around the turns of months, where mistakes live.
    private static Gen<(string Zone, string? Next, DateTimeOffset Instant)> Cases =>
        from zone in Gen.Elements(s_zones)
        from next in Gen.OneOf(Gen.Constant((string?)null), Gen.Elements(s_zones).Select(name => (string?)name))
        from month in Gen.Choose(-12 * 40, 11)
        from seconds in Gen.OneOf(Gen.Choose(-60 * 60 * 30, 60 * 60 * 30), Gen.Choose(0, 86_400 * 30))
        select (zone, next == zone ? null : next, At("2026-01-01T00:00:00Z").AddMonths(month).AddSeconds(seconds));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
