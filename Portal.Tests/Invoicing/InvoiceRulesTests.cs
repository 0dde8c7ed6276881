using Portal.Core.Invoicing;
using Portal.Core.Settings;

namespace Portal.Tests.Invoicing;

public sealed class InvoiceRulesTests
{
    [Theory]
    [InlineData(2026, 3, 31, 4, "25-26")]
    [InlineData(2026, 4, 1, 4, "26-27")]
    [InlineData(2099, 4, 1, 4, "99-00")]
    [InlineData(2026, 12, 31, 1, "2026")]
    [InlineData(2026, 6, 30, 7, "25-26")]
    public void The_financial_year_is_that_of_the_day(int year, int month, int day, int firstMonth, string expected) =>
        InvoiceNumbers.FinancialYear(new DateOnly(year, month, day), firstMonth).ShouldBe(expected);

    [Theory]
    [InlineData("INV", null)]
    [InlineData("A-1", null)]
    [InlineData("BILL", "17 characters")]
    [InlineData("", "Start with")]
    [InlineData("-IN", "Start with")]
    [InlineData("I V", "Start with")]
    [InlineData("INV\n", "Start with")]
    public void A_series_is_judged_by_its_longest_number(string series, string? complaint)
    {
        var failure = InvoiceNumbers.CheckSeries(series);
        if (complaint is null)
            failure.ShouldBeNull();
        else
            failure!.Message.ShouldContain(complaint);
    }

    [Fact]
    public void A_full_series_gives_no_number() => Should.Throw<ArgumentOutOfRangeException>(() => InvoiceNumbers.Format("INV", "26-27", 1_000_000));

    [Theory]
    [InlineData("Asia/Kolkata", "2026-11-03T20:00:00Z", 15, "2026-11-19T18:29:59.999999Z")]
    [InlineData("America/Los_Angeles", "2026-10-30T20:00:00Z", 2, "2026-11-02T07:59:59.999999Z")]
    [InlineData("UTC", "2026-11-03T00:00:00Z", 0, "2026-11-03T23:59:59.999999Z")]
    public void An_invoice_is_due_at_the_end_of_a_day_where_the_customer_lives(string zone, string issued, int days, string due) =>
        DueDate.Of(At(issued), days, TimeZoneInfo.FindSystemTimeZoneById(zone)).ShouldBe(At(due));

    [Fact]
    public void What_lacks_before_invoices_can_be_issued_is_named_all_at_once()
    {
        var ready = new PlatformSettings { Seller = new SellerProfile { LegalName = "Example Seller", Address = "1 Example Street" } };
        IssueReadiness.Check(ready).ShouldBeNull();
        IssueReadiness.Check(ready with { TimeZone = "Nowhere", FinancialYearStart = 13, InvoiceSeries = "LONGSERIES", Seller = new SellerProfile { Country = "" } })!.Message.ShouldSatisfyAllConditions(
            text => text.ShouldContain("legal name"),
            text => text.ShouldContain("address"),
            text => text.ShouldContain("country"),
            text => text.ShouldContain("time zone"),
            text => text.ShouldContain("financial year"),
            text => text.ShouldContain("series"));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
