using Portal.Core.Currencies;

namespace Portal.Tests.Currencies;

public sealed class DateFormatTests
{
    [Theory]
    [InlineData("en-IN", "1 Nov 2026", "1 November 2026", "November 2026")]
    [InlineData("en-US", "Nov 1, 2026", "November 1, 2026", "November 2026")]
    [InlineData("de-DE", "1. Nov. 2026", "1. November 2026", "November 2026")]
    [InlineData("fr-FR", "1 nov. 2026", "1 novembre 2026", "novembre 2026")]
    [InlineData("hi-IN", "1 नव॰ 2026", "1 नवंबर 2026", "नवंबर 2026")]
    [InlineData("ja-JP", "2026/11/01", "2026/11/01", "2026/11")]
    [InlineData("en-ZA", "1 Nov 2026", "1 November 2026", "November 2026")]
    public void A_day_is_written_as_its_readers_write_it(string locale, string day, string longDay, string month)
    {
        DateFormat.Day(new DateOnly(2026, 11, 1), locale).ShouldBe(day);
        DateFormat.LongDay(new DateOnly(2026, 11, 1), locale).ShouldBe(longDay);
        DateFormat.Month(2026, 11, locale).ShouldBe(month);
    }

    [Theory]
    [InlineData("2026-11-01", "2026-11-30", "en-IN", "1 – 30 Nov 2026")]
    [InlineData("2026-11-01", "2026-12-03", "en-IN", "1 Nov – 3 Dec 2026")]
    [InlineData("2026-12-28", "2027-01-03", "en-IN", "28 Dec 2026 – 3 Jan 2027")]
    [InlineData("2026-11-05", "2026-11-05", "en-IN", "5 Nov 2026")]
    [InlineData("2026-11-01", "2026-11-30", "en-US", "Nov 1 – 30, 2026")]
    [InlineData("2026-11-01", "2026-12-03", "en-US", "Nov 1 – Dec 3, 2026")]
    [InlineData("2026-11-01", "2026-11-30", "de-DE", "1. – 30. Nov. 2026")]
    [InlineData("2026-11-01", "2026-11-30", "ja-JP", "2026/11/01 – 2026/11/30")]
    public void A_span_says_nothing_twice(string first, string last, string locale, string expected) =>
        DateFormat.Span(DateOnly.Parse(first), DateOnly.Parse(last), locale).ShouldBe(expected);

    [Theory]
    [InlineData("2026-11-21T08:35:00Z", "Asia/Kolkata", "en-IN", "21 Nov 2026, 2:05 pm (Asia/Kolkata)")]
    [InlineData("2026-11-21T18:30:00Z", "Asia/Kolkata", "en-IN", "22 Nov 2026, 12:00 am (Asia/Kolkata)")]
    [InlineData("2026-11-21T08:35:00Z", "UTC", "en-GB", "21 Nov 2026, 08:35 UTC")]
    [InlineData("2026-07-01T12:00:00Z", "America/New_York", "en-US", "Jul 1, 2026, 8:00 AM (America/New_York)")]
    [InlineData("2026-12-01T12:00:00Z", "Europe/Berlin", "de-DE", "1. Dez. 2026, 13:00 (Europe/Berlin)")]
    public void A_time_names_its_zone(string instant, string zone, string locale, string expected) =>
        DateFormat.Minute(DateTimeOffset.Parse(instant), zone, locale).Replace('\u00A0', ' ').ShouldBe(expected);

    [Theory]
    [InlineData("2026-10-31T18:29:59Z", "31 Oct 2026")]
    [InlineData("2026-10-31T18:30:00Z", "1 Nov 2026")]
    public void The_day_of_an_instant_is_that_of_the_zone(string instant, string expected) =>
        DateFormat.Day(DateTimeOffset.Parse(instant), "Asia/Kolkata", "en-IN").ShouldBe(expected);

    [Fact]
    public void A_zone_that_does_not_exist_is_an_error() =>
        Should.Throw<TimeZoneNotFoundException>(() => DateFormat.Minute(DateTimeOffset.UnixEpoch, "Asia/Nowhere", "en-IN"));
}
