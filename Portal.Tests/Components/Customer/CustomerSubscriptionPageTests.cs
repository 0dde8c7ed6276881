using Bunit;
using Portal.Components.Customer;
using Portal.Components.Customer.Subscriptions;
using Portal.Core.Access;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Tests.Components.Plans;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Customer;

/// <summary>A customer's own plan. Today is 3 November 2026.</summary>
[Covers(typeof(CustomerSubscriptionPage))]
public sealed class CustomerSubscriptionPageTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();
    private Organisation _organisation = null!;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _organisation = await _world.Billing.OrganisationAsync();
        await _world.BecomeAsync(SystemRoles.Owner, _organisation.Id);
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public void Without_a_subscription_the_page_says_how_to_get_one()
    {
        var page = Open();

        page.WaitForAssertion(() => page.Find(".empty h2").TextContent.ShouldBe("No subscription"));
        page.WaitForAssertion(() => page.Find(".empty a").GetAttribute("href").ShouldBe($"/o/{_organisation.Id}/support/new"));
    }

    [Fact]
    public async Task It_shows_plan_fee_seats_allowances_and_fees_to_come()
    {
        var basic = await _world.PlanAsync("basic", 3000, seats: 5);
        await _world.SubscribeAsync(_organisation.Id, basic);
        await _world.Billing.PriceAsync(new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "standard", Price = 2, Included = 200, PlanId = basic, EffectiveFrom = new DateOnly(2026, 1, 1) });
        await _world.SendAsync(_organisation, await _world.Billing.ProjectAsync(_organisation.Id), _world.Billing.Clock.Now.AddHours(-1), 50);

        var page = Open();

        await page.WaitForAssertionAsync(() => page.FindAll(".figure-value").Select(figure => figure.TextContent.Trim()).ShouldBe(["basic", "₹3,000.00 a month", "1 of 5"]));
        page.Rows("Included this month").ShouldHaveSingleItem().ShouldBe(["api_calls", "", "25%", "50 of 200\u00A0calls"]);
        page.Find(".bar").GetAttribute("style").ShouldBe("width: 25%");
        page.Rows("Upcoming fees").Select(row => row[2]).ShouldBe(["₹3,000.00", "₹3,000.00"]);
        page.Markup.ShouldContain("What basic has");
        page.FindAll(".plan-card").ShouldBeEmpty();
        page.Buttons("Cancel subscription").ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_may_changes_after_the_lines_were_shown_and_one_double_click_is_one_change()
    {
        await _world.SubscribeAsync(_organisation.Id, await _world.PlanAsync("basic", 3000, byCustomers: true));
        await _world.PlanAsync("pro", 6000, byCustomers: true);
        await _world.PlanAsync("internal", 1);
        var page = Open();
        await page.WaitForAssertionAsync(() => page.FindAll(".plan-card h3").Select(card => card.TextContent).ShouldBe(["pro"]));

        await page.PressAsync("Choose pro");

        await page.WaitForAssertionAsync(() => page.Rows("Lines of the next invoice").Select(row => row[1]).ShouldBe(["−₹2,800.00", "₹5,600.00"]));
        (await _world.TwiceAsync(() => page.Find("dialog form"), "submit")).ShouldBe(1);
        await page.WaitForAssertionAsync(() => page.FindAll("dialog").ShouldBeEmpty());
        await page.WaitForAssertionAsync(() => page.Find(".figure-value").TextContent.ShouldBe("pro"));
        await page.WaitForAssertionAsync(() => page.FindAll(".plan-card h3").Select(card => card.TextContent).ShouldBe(["basic"]));
    }

    [Fact]
    public async Task Who_may_cancels_and_resumes()
    {
        await _world.SubscribeAsync(_organisation.Id, await _world.PlanAsync("basic", 3000, byCustomers: true));
        var page = Open();
        await page.PressAsync("Cancel subscription");
        await page.WaitForAssertionAsync(() => page.Find("dialog").TextContent.ShouldContain("The last day is 30 Nov 2026."));

        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

        await page.WaitForAssertionAsync(() => page.Find(".note.warn").TextContent.ShouldContain("Its last day is 30 Nov 2026."));
        await page.PressAsync("Resume");
        await page.PressAsync("Resume subscription", "dialog");
        await page.WaitForAssertionAsync(() => page.FindAll(".note.warn").ShouldBeEmpty());
        (await _world.Get<GetSubscription>().RunAsync(_world.Billing.Staff, _organisation.Id, default)).Value.Current!.EndsOn.ShouldBeNull();
    }

    [Fact]
    public async Task Who_only_reads_is_offered_neither_and_the_front_page_leads_here()
    {
        await _world.SubscribeAsync(_organisation.Id, await _world.PlanAsync("basic", 3000, byCustomers: true));
        await _world.PlanAsync("pro", 6000, byCustomers: true);
        await _world.BecomeAsync(SystemRoles.Billing, _organisation.Id);

        var page = Open();
        var front = _world.Open<OverviewPage>($"/o/{_organisation.Id}", parameters => parameters.Add(overview => overview.OrganisationId, _organisation.Id));

        await page.WaitForAssertionAsync(() => page.Find(".figure-value").TextContent.ShouldBe("basic"));
        page.FindAll(".plan-card").ShouldBeEmpty();
        page.Buttons("Cancel subscription").ShouldBeEmpty();
        await front.WaitForAssertionAsync(() => front.Find($"a.figure[href='/o/{_organisation.Id}/subscription']").TextContent.ShouldContain("₹3,000.00 a month"));
    }

    private IRenderedComponent<Portal.Components.Shared.PageBoundary> Open() =>
        _world.Open<CustomerSubscriptionPage>($"/o/{_organisation.Id}/subscription", parameters => parameters.Add(page => page.OrganisationId, _organisation.Id));
}
