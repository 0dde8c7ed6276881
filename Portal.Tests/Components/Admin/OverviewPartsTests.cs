using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Components.Admin.Overview;
using Portal.Core.Analytics;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Metering;

namespace Portal.Tests.Components.Admin;

/// <summary>What waits for staff, and what is owed, when there is much of it.</summary>
public sealed class OverviewPartsTests : IDisposable
{
    private readonly BunitContext _context = new();

    public OverviewPartsTests() => _context.Services.AddSingleton(TimeProvider.System);

    public void Dispose() => _context.Dispose();

    [Fact]
    public void Usage_without_a_price_in_many_months_is_one_line_that_leads_to_their_runs()
    {
        var work = Work([.. Enumerable.Range(1, 9).Reverse().Select(month => Run(month, unpriced: 4))]);

        var line = work.Find(".row-link");
        line.TextContent.ShouldBe("Unpriced usage found in 9 months, latest September 2026");
        line.GetAttribute("href").ShouldBe("/admin/billing/runs?left=unpriced");
        work.FindAll("tr").Count.ShouldBe(1);
    }

    [Fact]
    public void Of_one_month_the_line_leads_to_its_run_and_failures_have_lines_of_their_own()
    {
        var (unpriced, failed) = (Run(9, unpriced: 1), Run(8, failed: 2));

        var work = Work([unpriced, failed]);

        work.FindAll(".row-link").Select(link => (link.TextContent, link.GetAttribute("href"))).ShouldBe(
        [
            ("The billing run for August 2026 failed for 2 organisations", $"/admin/billing/runs/{failed.Id}"),
            ("1 metric had unpriced usage in September 2026", $"/admin/billing/runs/{unpriced.Id}"),
        ]);
    }

    [Fact]
    public void What_is_owed_in_several_currencies_has_a_head_and_a_sum_for_each()
    {
        var owed = new[] { "INR", "USD", "EUR", "GBP", "JPY" }.Select(currency => new Receivables(currency, [.. Enum.GetValues<ReceivableAge>().Select(age => new AgedAmount(age, age == ReceivableAge.UpTo30Days ? 12 : 0, age == ReceivableAge.UpTo30Days ? 1 : 0))])).ToList();

        var page = _context.Render<OverviewReceivables>(part => part.Add(it => it.Owed, owed));

        page.FindAll(".bars-head").Select(head => head.TextContent).ShouldBe(["INR₹12.00", "USD$12.00", "EUR€12.00", "GBP£12.00"]);
        page.FindAll("tbody:not(.bars-head) tr").Count.ShouldBe(4);
        page.Find(".pager").TextContent.ShouldContain("and 1 other currency");
    }

    private static BillingRunFigures Run(int month, int failed = 0, int unpriced = 0) =>
        new(Guid.CreateVersion7(), new BillingMonth(2026, month), BillingRunState.Completed, 10, failed, unpriced, new DateTimeOffset(2026, month, 1, 0, 0, 0, TimeSpan.Zero));

    private IRenderedComponent<OverviewWork> Work(IReadOnlyList<BillingRunFigures> runs) =>
        _context.Render<OverviewWork>(part => part.Add(it => it.Overview, new PlatformOverview(null, null, null, runs, null, false)));
}
