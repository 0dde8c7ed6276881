using System.Globalization;
using Bunit;
using Portal.Components.Admin.Organisations;
using Portal.Components.Admin.Plans;
using Portal.Components.Admin.Prices;
using Portal.Components.Admin.Subscriptions;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Plans;

/// <summary>Staff's pages of plans and subscriptions. Today is 3 November 2026.</summary>
[Covers(typeof(PlansPage), typeof(PlanPage), typeof(EditPlanPage), typeof(SubscriptionsPage))]
public sealed class PlanPagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public void Lists_without_rows_say_what_belongs_there()
    {
        var plans = _world.Pages.Render<PlansPage>();
        var subscriptions = _world.Pages.Render<SubscriptionsPage>();

        plans.WaitForAssertion(() => plans.Find(".empty h2").TextContent.ShouldBe("No plans yet"));
        subscriptions.WaitForAssertion(() => subscriptions.Find(".empty h2").TextContent.ShouldBe("No subscriptions yet"));
    }

    [Fact]
    public async Task The_list_of_plans_has_fee_subscribers_and_status_and_is_narrowed_by_it()
    {
        var pro = await _world.PlanAsync("pro", 6000);
        await _world.SubscribeAsync((await _world.Billing.OrganisationAsync()).Id, pro);
        var old = await _world.PlanAsync("old", 10);
        (await _world.Get<SavePlan>().SetActiveAsync(_world.Billing.Staff, old, false, default)).Failures.ShouldBeEmpty();
        _world.Navigation.NavigateTo("/admin/plans?sort=name");

        var page = _world.Pages.Render<PlansPage>();

        await page.WaitForAssertionAsync(() => page.Rows("Plans").Count.ShouldBe(2));
        page.Rows("Plans")[0].ShouldBe(["oldold", "₹10.00 a month", "–", "–", "0", "Archived"]);
        page.Rows("Plans")[1].ShouldBe(["propro", "₹6,000.00 a month", "–", "–", "1", "Active"]);
        await page.InvokeAsync(() => _world.Navigation.NavigateTo("/admin/plans?status=active"));
        await page.WaitForAssertionAsync(() => page.Rows("Plans").ShouldHaveSingleItem()[0].ShouldBe("propro"));
    }

    [Fact]
    public async Task The_summary_follows_what_is_typed_and_a_double_click_makes_one_plan()
    {
        var page = _world.Open<EditPlanPage>("/admin/plans/new");
        await page.PutAsync("#field-name", "Growth, yearly");
        await page.PutAsync("#field-code", "growth");
        await page.InvokeAsync(() => page.Find("#field-priceAmount").InputAsync("12000"));
        await page.PutAsync("#field-interval", "year");
        await page.InvokeAsync(() => page.Find("#field-trialPeriodDays").InputAsync("14"));
        await page.PutAsync("#field-features", "Mail support\n\nA year of events");

        page.Find(".quote .figure-value").TextContent.ShouldBe("₹12,000.00 a year");
        var summary = page.Find(".quote .facts").TextContent;
        summary.ShouldContain("₹1,000.00");
        summary.ShouldContain("14 days of trial, first fee from 17 Nov 2026");
        summary.ShouldContain("₹12,000.00 in 1 fee");
        (await _world.TwiceAsync(() => page.Find("form.form"), "submit")).ShouldBe(1);
        page.WaitForAssertion(() => _world.Navigation.Uri.ShouldContain("/admin/plans/0"));
        var plan = (await PlansAsync()).ShouldHaveSingleItem();
        (plan.Interval, plan.TrialPeriodDays, plan.Features.Count).ShouldBe((BillingInterval.Year, 14, 2));
    }

    [Fact]
    public async Task What_is_wrong_with_a_plan_stands_beside_its_field_and_what_was_typed_stays()
    {
        var page = _world.Open<EditPlanPage>("/admin/plans/new");
        await page.PutAsync("#field-code", "Growth!");

        await page.InvokeAsync(() => page.Find("form.form").SubmitAsync());

        page.WaitForAssertion(() => page.Find("#field-code-error").TextContent.ShouldContain("lowercase letters"));
        page.Find("#field-code").GetAttribute("value").ShouldBe("Growth!");
        page.Find("#field-priceAmount-error").TextContent.ShouldContain("amount of 0 or more");
        (await PlansAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_edit_begins_with_what_is_sold_and_says_who_keeps_their_fee()
    {
        var pro = await _world.PlanAsync("pro", 6000, seats: 5);
        await _world.SubscribeAsync((await _world.Billing.OrganisationAsync()).Id, pro);

        var page = _world.Open<EditPlanPage>($"/admin/plans/{pro}/edit", parameters => parameters.Add(edit => edit.Id, pro));

        page.WaitForAssertion(() => page.Find("#field-maxUsers").GetAttribute("value").ShouldBe("5"));
        page.Find(".page-lead").TextContent.ShouldStartWith("1 subscription keeps its fee");
        await page.InvokeAsync(() => page.Find("#field-priceAmount").InputAsync("7000"));
        await page.InvokeAsync(() => page.Find("form.form").SubmitAsync());
        page.WaitForAssertion(() => _world.Navigation.Uri.ShouldEndWith($"/admin/plans/{pro}"));
        (await PlansAsync()).ShouldHaveSingleItem().PriceAmount.ShouldBe(7000);
    }

    [Fact]
    public async Task A_plan_shows_its_prices_and_subscribers_and_is_archived_after_a_question()
    {
        var pro = await _world.PlanAsync("pro", 6000);
        var organisation = await _world.Billing.OrganisationAsync();
        await _world.SubscribeAsync(organisation.Id, pro);
        await _world.Billing.PriceAsync(new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "standard", Price = 2, Included = 500, PlanId = pro, EffectiveFrom = new DateOnly(2026, 1, 1) });

        var page = _world.Open<PlanPage>($"/admin/plans/{pro}", parameters => parameters.Add(plan => plan.Id, pro));

        await page.WaitForAssertionAsync(() => page.Rows("Prices of this plan").ShouldHaveSingleItem().ShouldBe(["api_calls", "₹2.00 per calls", "500\u00A0calls", "1 Jan 2026", "In force"]));
        await page.WaitForAssertionAsync(() => page.Rows("Subscribers").ShouldHaveSingleItem().ShouldBe([organisation.Name, "Active", "1 Nov 2026", "Open"]));
        page.FindAll("a").Single(link => link.TextContent.Trim() == "New price for this plan").GetAttribute("href").ShouldBe($"/admin/prices/new?plan={pro}");
        await page.PressAsync("Archive");
        page.Find("dialog").TextContent.ShouldContain("1 existing subscription continues unchanged");
        await page.PressAsync("Archive plan", "dialog");
        await page.WaitForAssertionAsync(() => page.Find(".page-title .badge").TextContent.ShouldBe("Archived"));
        await page.PressAsync("Unarchive");
        await page.WaitForAssertionAsync(() => page.Find(".page-title .badge").TextContent.ShouldBe("Active"));
    }

    [Fact]
    public async Task A_price_for_a_plan_begins_with_it_and_is_kept_with_it()
    {
        var pro = await _world.PlanAsync("pro", 6000);
        var page = _world.Open<NewPricePage>($"/admin/prices/new?plan={pro}");
        await page.PutAsync("#field-metricName", "api_calls");
        await page.PutAsync("#field-unit", "calls");
        await page.InvokeAsync(() => page.Find("#field-price").InputAsync("0.5"));

        page.Find(".note").TextContent.ShouldContain("subscribers of pro");
        await page.InvokeAsync(() => page.Find("form.form").SubmitAsync());

        page.WaitForAssertion(() => _world.Navigation.Uri.ShouldContain("/admin/prices/0"));
        var price = (await _world.Billing.Get<ListPrices>().RunAsync(_world.Billing.Staff, new PriceFilter { PlanId = pro }, new ListRequest(), default)).Value.Items.ShouldHaveSingleItem();
        price.PlanName.ShouldBe("pro");
    }

    [Fact]
    public async Task The_list_of_subscriptions_names_organisation_plan_and_status_and_exports_what_is_filtered()
    {
        var (basic, pro) = (await _world.PlanAsync("basic", 3000), await _world.PlanAsync("pro", 6000));
        var (first, second) = (await _world.Billing.OrganisationAsync(), await _world.Billing.OrganisationAsync());
        await _world.SubscribeAsync(first.Id, basic);
        await _world.SubscribeAsync(second.Id, pro, trialDays: 10);
        _world.Navigation.NavigateTo("/admin/billing/subscriptions?status=trialing");

        var page = _world.Pages.Render<SubscriptionsPage>();

        await page.WaitForAssertionAsync(() => page.Rows("Subscriptions").ShouldHaveSingleItem()[..5].ShouldBe([second.Name, "pro", "Trialing", "1 Nov 2026", "10 Nov 2026"]));
        page.Find(".row-link").GetAttribute("href").ShouldBe($"/admin/organisations/{second.Id}/subscription");
        page.Find("a[download]").GetAttribute("href").ShouldBe("/admin/billing/subscriptions.csv?status=trialing");
        await page.InvokeAsync(() => _world.Navigation.NavigateTo($"/admin/billing/subscriptions?plan={basic}"));
        await page.WaitForAssertionAsync(() => page.Rows("Subscriptions").ShouldHaveSingleItem()[0].ShouldBe(first.Name));
    }

    [Fact]
    public async Task Who_only_reads_is_offered_nothing_that_changes()
    {
        var pro = await _world.PlanAsync("pro", 6000);
        var organisation = await _world.Billing.OrganisationAsync();
        await _world.SubscribeAsync(organisation.Id, pro);
        await _world.BecomeAsync(SystemRoles.Viewer);

        var plan = _world.Open<PlanPage>($"/admin/plans/{pro}", parameters => parameters.Add(page => page.Id, pro));
        var tab = OpenTab(organisation.Id);

        await plan.WaitForAssertionAsync(() => plan.Rows("Subscribers").ShouldHaveSingleItem());
        plan.Buttons("Archive").ShouldBeEmpty();
        await tab.WaitForAssertionAsync(() => tab.Find(".facts").TextContent.ShouldContain("₹6,000.00 a month"));
        tab.Buttons("Change plan").ShouldBeEmpty();
        tab.Buttons("Add service").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_subscription_is_started_on_the_organisation_s_page_with_the_plan_s_trial()
    {
        var pro = await _world.PlanAsync("pro", 6000, trialDays: 14);
        var organisation = await _world.Billing.OrganisationAsync();
        var page = OpenTab(organisation.Id);
        await page.PressAsync("Start subscription");
        await page.PutAsync("dialog #field-planId", pro.ToString());

        await page.WaitForAssertionAsync(() => page.Find("dialog .note").TextContent.ShouldContain("₹6,000.00 a month, is for 17 Nov – 16 Dec 2026", Case.Sensitive, page.Find("dialog .note").TextContent));
        page.Find("dialog #field-trialDays").GetAttribute("value").ShouldBe("14");
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

        await page.WaitForAssertionAsync(() => page.FindAll("dialog").ShouldBeEmpty());
        await page.WaitForAssertionAsync(() => page.Find(".facts").TextContent.ShouldContain("Trialing"));
        await page.PressAsync("Extend trial");
        await page.PutAsync("dialog #field-trialEndsOn", "2026-12-01");
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        await page.WaitForAssertionAsync(() => page.Find(".facts").TextContent.ShouldContain("30 Nov 2026"));
        (await ViewAsync(organisation)).Current!.TrialEndsOn.ShouldBe(new DateOnly(2026, 12, 1));
    }

    [Fact]
    public async Task A_change_is_shown_line_by_line_before_it_is_made_and_a_double_click_makes_it_once()
    {
        var (basic, pro) = (await _world.PlanAsync("basic", 3000), await _world.PlanAsync("pro", 6000));
        var organisation = await _world.Billing.OrganisationAsync();
        await _world.SubscribeAsync(organisation.Id, basic);
        var page = OpenTab(organisation.Id);
        await page.PressAsync("Change plan");

        await page.PutAsync("dialog #field-planId", pro.ToString());

        await page.WaitForAssertionAsync(() => page.Rows("Lines of the next invoice").Select(row => row[1]).ShouldBe(["−₹2,800.00", "₹5,600.00"]));
        page.Find("dialog tfoot").TextContent.ShouldContain("₹2,800.00");
        (await ViewAsync(organisation)).Phase!.PlanName.ShouldBe("basic");
        (await _world.TwiceAsync(() => page.Find("dialog form"), "submit")).ShouldBe(1);
        await page.WaitForAssertionAsync(() => page.FindAll("dialog").ShouldBeEmpty());
        await page.WaitForAssertionAsync(() => page.Rows("Plan history").Select(row => row[0]).ShouldBe(["pro", "basic"]));
        (await ViewAsync(organisation)).Current!.Phases.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_subscription_is_cancelled_with_its_period_and_resumed()
    {
        var basic = await _world.PlanAsync("basic", 3000);
        var organisation = await _world.Billing.OrganisationAsync();
        await _world.SubscribeAsync(organisation.Id, basic);
        var page = OpenTab(organisation.Id);
        await page.PressAsync("Cancel");
        await page.WaitForAssertionAsync(() => page.Find("dialog").TextContent.ShouldContain("The last day is 30 Nov 2026."));
        await page.PutAsync("dialog #field-reason", "Moving away");

        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

        await page.WaitForAssertionAsync(() => page.Find(".facts").TextContent.ShouldContain("Moving away"));
        await page.PressAsync("Resume");
        await page.PressAsync("Resume subscription", "dialog");
        await page.WaitForAssertionAsync(() => page.Find(".facts").TextContent.ShouldNotContain("Moving away"));
        (await ViewAsync(organisation)).Current!.EndsOn.ShouldBeNull();
    }

    [Fact]
    public async Task Services_are_activated_changed_suspended_restored_and_cancelled()
    {
        var organisation = await _world.Billing.OrganisationAsync();
        var page = OpenTab(organisation.Id);
        await page.PressAsync("Add service");
        await page.PutAsync("dialog #field-name", "Terminal");
        await page.PutAsync("dialog #field-type", "terminal");
        await page.PutAsync("dialog #field-unitPrice", "300");
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        await page.WaitForAssertionAsync(() => page.Rows("Services").ShouldHaveSingleItem()[..5].ShouldBe(["Terminalterminal", "Active", "1", "₹300.00", "₹300.00 a month"]));
        await page.WaitForAssertionAsync(() => page.Rows("Upcoming fees").ShouldNotBeEmpty());

        await page.PressAsync("Change quantity");
        await page.InvokeAsync(() => page.Find("dialog #field-quantity").InputAsync("3"));
        page.Find("dialog").TextContent.ShouldContain("New fee: ₹900.00 a month instead of ₹300.00 a month.");
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        await page.WaitForAssertionAsync(() => page.Rows("Services")[0][4].ShouldBe("₹900.00 a month"));
        await page.PressAsync("Suspend");
        await page.PressAsync("Suspend service", "dialog");
        await page.WaitForAssertionAsync(() => page.Rows("Services")[0][1].ShouldBe("Suspended"));
        await page.PressAsync("Restore");
        await page.WaitForAssertionAsync(() => page.Rows("Services")[0][1].ShouldBe("Active"));
        await page.PressAsync("Cancel service");
        await page.PressAsync("Cancel service", "dialog");
        await page.WaitForAssertionAsync(() => page.Rows("Services")[0][1].ShouldBe("Cancelled"));
        page.Buttons("Cancel service").ShouldBeEmpty();
    }

    private IRenderedComponent<Portal.Components.Shared.PageBoundary> OpenTab(Guid organisation) => _world.Open<OrganisationPage>(
        $"/admin/organisations/{organisation}/subscription", parameters => parameters.Add(page => page.Id, organisation).Add(page => page.Tab, "subscription"));

    private async Task<IReadOnlyList<Plan>> PlansAsync() =>
        [.. (await _world.Get<ListPlans>().RunAsync(_world.Billing.Staff, new PlanFilter(), new ListRequest(), default)).Value.Items.Select(row => row.Plan)];

    private async Task<SubscriptionView> ViewAsync(Organisation organisation) => (await _world.Get<GetSubscription>().RunAsync(_world.Billing.Staff, organisation.Id, default)).Value;
}

/// <summary>Plans and subscriptions for tests of pages.</summary>
internal static class PlanWorld
{
    /// <summary>A plan in rupees, by the month, named as its code.</summary>
    public static async Task<Guid> PlanAsync(this PageWorld world, string code, decimal price, int? seats = null, int trialDays = 0, bool byCustomers = false, decimal? commitment = null)
    {
        var made = await world.Get<SavePlan>().CreateAsync(
            world.Billing.Staff,
            new PlanInput { Code = code, Name = code, PriceAmount = price, Currency = "INR", MaxUsers = seats, TrialPeriodDays = trialDays, CustomersMayChange = byCustomers, CustomersMayCancel = byCustomers, MinimumCommitment = commitment, Features = [$"What {code} has"] },
            default);
        made.Succeeded.ShouldBeTrue(made.Succeeded ? null : made.Failure.Message);
        return made.Value.Id;
    }

    /// <summary>Since the first of the month.</summary>
    public static async Task<Guid> SubscribeAsync(this PageWorld world, Guid organisation, Guid plan, int trialDays = 0)
    {
        var started = await world.Get<StartSubscription>().RunAsync(
            world.Billing.Staff, new StartSubscriptionRequest { OrganisationId = organisation, PlanId = plan, StartsOn = DateOnly.ParseExact("2026-11-01", "yyyy-MM-dd", CultureInfo.InvariantCulture), TrialDays = trialDays }, default);
        started.Succeeded.ShouldBeTrue(started.Succeeded ? null : started.Failure.Message);
        return started.Value.Id;
    }
}
