using Bunit;
using Portal.Components.Admin.Analytics;
using Portal.Components.Shared;
using Portal.Core.Access;
using Portal.Core.Analytics;
using Portal.Core.Plans;
using Portal.Tests.Components.Support;
using Portal.Tests.Data.BillingRuns;

namespace Portal.Tests.Components.Analytics;

[Covers(typeof(AnalyticsPage))]
public sealed class AnalyticsPageTests : IAsyncLifetime
{
    private static readonly CallContext s_job = CallContext.System("keep", "Test.");

    private readonly PageWorld _world = new();

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        var billing = _world.Billing;
        await billing.PriceAsync("api_calls", 1);
        var organisation = await billing.BillableAsync();
        var plan = (await billing.Get<SavePlan>().CreateAsync(billing.Staff, new PlanInput { Code = "pro", Name = "Pro", PriceAmount = 1_200, Currency = "INR" }, default)).Value;
        (await billing.Get<StartSubscription>().RunAsync(billing.Staff, new StartSubscriptionRequest { OrganisationId = organisation, PlanId = plan.Id, StartsOn = new DateOnly(2026, 11, 2) }, default)).Failures.ShouldBeEmpty();
        await billing.RunAsync(BillingWorld.October, autoIssue: true);
        await billing.Get<KeepMrr>().RunAsync(s_job, default);
        await billing.Get<KeepRevenue>().RunAsync(s_job, default);
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Recurring_revenue_shows_its_figure_its_months_and_what_moved()
    {
        var page = _world.Open<AnalyticsPage>("/admin/analytics");

        await page.WaitForAssertionAsync(() => Figure(page, "MRR").ShouldContain("₹1,200.00"));
        Figure(page, "MRR").ShouldContain("1 paying customer");
        page.FindAll(".waterfall-step").Count.ShouldBe(7);
        var november = page.FindAll("table").First(table => table.QuerySelector("caption")!.TextContent.Contains("by month", StringComparison.Ordinal)).QuerySelectorAll("tbody tr")[0].TextContent;
        november.ShouldContain("November 2026");
        november.ShouldContain("₹1,200.00");
        await page.WaitForAssertionAsync(() => page.Rows("Movements").Single()[..3].ShouldBe(["Organisation 00001", "New", "3 Nov 2026"]));
    }

    [Fact]
    public async Task Revenue_is_broken_down_by_what_the_address_says()
    {
        var metrics = _world.Open<AnalyticsPage>("/admin/analytics?tab=revenue");
        await metrics.WaitForAssertionAsync(() => metrics.Find("table.bars").TextContent.ShouldContain("api_calls (calls)"));

        var countries = _world.Open<AnalyticsPage>("/admin/analytics?tab=revenue&by=country&months=6");
        await countries.WaitForAssertionAsync(() => countries.Find("table.bars").TextContent.ShouldContain("IN"));
        countries.Find("a[href*='revenue.csv']").GetAttribute("href").ShouldBe("/admin/analytics/revenue.csv?months=6&by=country");
    }

    [Fact]
    public async Task Cohorts_are_a_table_of_who_is_left()
    {
        var page = _world.Open<AnalyticsPage>("/admin/analytics?tab=cohorts");

        await page.WaitForAssertionAsync(() => page.Find("td.heat").TextContent.ShouldContain("100%"));
        page.Find("tbody th").TextContent.ShouldBe("November 2026");
        page.Find("td.heat").GetAttribute("style").ShouldBe("--heat: 1");
    }

    [Fact]
    public async Task The_overview_has_the_figure_and_leads_here_for_who_may_read_it()
    {
        var page = _world.Open<Portal.Components.Admin.OverviewPage>("/admin");
        await page.WaitForAssertionAsync(() => Figure(page, "MRR").ShouldContain("₹1,200.00"));
        page.Find("a.figure[href='/admin/analytics']");

        await _world.BecomeAsync(null);
        var none = _world.Pages.Render<MrrFigure>();
        none.FindAll(".figure").ShouldBeEmpty();
    }

    private static string Figure(IRenderedComponent<PageBoundary> page, string name) => page.FindAll(".figure").Single(figure => figure.QuerySelector(".figure-name")?.TextContent == name).TextContent;
}
