using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Portal.Changes;
using Portal.Components.Admin.Credits;
using Portal.Components.Admin.Organisations;
using Portal.Components.Customer.Credits;
using Portal.Components.Customer.Overview;
using Portal.Components.Pay;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Payments;
using Portal.Core.PrepaidCredits;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Prepaid;

[Covers(typeof(CreditProductsPage), typeof(EditCreditProductPage), typeof(CreditCostsPage), typeof(NewCreditCostPage), typeof(CreditsPage), typeof(BuyCreditsPage))]
public sealed class PrepaidPagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_pack_is_made_says_what_is_wrong_and_is_taken_off_sale()
    {
        var form = _world.Pages.Render<EditCreditProductPage>();
        form.WaitForAssertion(() => form.Find("#field-name"));
        await form.Find("#field-name").ChangeAsync("1,000 credits");
        await form.Find("#field-credits").ChangeAsync("0");
        await form.Find("#field-price").ChangeAsync("999");
        await form.Find("form.form").SubmitAsync();
        form.WaitForAssertion(() => form.Find("#field-credits-error").TextContent.ShouldContain("above 0"));
        form.Find("#field-name").GetAttribute("value").ShouldBe("1,000 credits");
        await form.Find("#field-credits").ChangeAsync("1000");

        (await _world.TwiceAsync(() => form.Find("form.form"), "submit")).ShouldBe(1);

        form.WaitForAssertion(() => _world.Navigation.Uri.ShouldEndWith("/admin/credit-products"));
        var list = _world.Pages.Render<CreditProductsPage>();
        list.WaitForAssertion(() => list.Find("tbody tr").TextContent.ShouldContain("Active"));
        list.Find("tbody tr").TextContent.ShouldContain("₹999.00");
        var id = (await _world.Get<ListCreditProducts>().RunAsync(_world.Billing.Staff, new ListRequest(), default)).Value.Items.Single().Id;
        var edit = _world.Pages.Render<EditCreditProductPage>(parameters => parameters.Add(page => page.Id, id));
        edit.WaitForAssertion(() => edit.Find("h1").TextContent.ShouldBe("Edit 1,000 credits"));
        await edit.Find("#field-isActive").ChangeAsync(false);
        await edit.Find("form.form").SubmitAsync();
        edit.WaitForAssertion(() => _world.Navigation.Uri.ShouldEndWith("/admin/credit-products"));
        (await _world.Get<GetCreditProduct>().RunAsync(_world.Billing.Staff, id, default)).Value.IsActive.ShouldBeFalse();
    }

    [Fact]
    public async Task A_cost_is_made_never_overlaps_and_is_ended()
    {
        for (var time = 0; time < 2; time++)
        {
            var form = _world.Pages.Render<NewCreditCostPage>();
            form.WaitForAssertion(() => form.Find("#field-metricName"));
            await form.Find("#field-metricName").ChangeAsync("api_calls");
            await form.Find("#field-unit").ChangeAsync("calls");
            await form.Find("#field-creditsPerUnit").ChangeAsync("0.05");
            await form.Find("form.form").SubmitAsync();
            if (time == 0)
                form.WaitForAssertion(() => _world.Navigation.Uri.ShouldEndWith("/admin/credit-costs"));
            else
                form.WaitForAssertion(() => form.Find("[role=alert]").TextContent.ShouldContain("overlaps these dates"));
        }

        var list = _world.Pages.Render<CreditCostsPage>();
        list.WaitForAssertion(() => list.Find("tbody tr").TextContent.ShouldContain("0.05 per calls"));
        list.Find("tbody tr").TextContent.ShouldContain("In force");
        list.WaitForAssertion(() => Button(list, "End the cost of api_calls"));
        await Button(list, "End the cost of api_calls").ClickAsync(new());
        await list.Find("#end-day").ChangeAsync("2026-12-01");

        (await _world.TwiceAsync(() => Button(list, "End credit cost", "dialog"))).ShouldBe(1);

        list.WaitForAssertion(() => list.Find("tbody tr").TextContent.ShouldContain("Nov 2026"));
        list.FindAll("tbody button").ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_may_not_change_packs_and_costs_is_offered_no_change()
    {
        await CostAsync();
        await PackAsync();
        await _world.BecomeAsync(SystemRoles.Viewer);

        var (packs, costs) = (_world.Pages.Render<CreditProductsPage>(), _world.Pages.Render<CreditCostsPage>());

        packs.WaitForAssertion(() => packs.Find("tbody tr").TextContent.ShouldContain("1,000 credits"));
        costs.WaitForAssertion(() => costs.Find("tbody tr").TextContent.ShouldContain("api_calls"));
        packs.FindAll("a[href$='/new']").ShouldBeEmpty();
        costs.FindAll("a[href$='/new'], tbody button").ShouldBeEmpty();
    }

    [Fact]
    public async Task Staff_grant_credits_with_a_reason_once_and_see_them_move()
    {
        var organisation = await _world.Billing.OrganisationAsync();
        var tab = Tab(organisation);
        tab.WaitForAssertion(() => tab.Find(".figure-value").TextContent.ShouldContain("0"));
        tab.WaitForAssertion(() => Button(tab, "Grant credits"));
        await Button(tab, "Grant credits").ClickAsync(new());
        await tab.Find("dialog #field-credits").InputAsync("250");
        await tab.Find("dialog #field-lastDay").ChangeAsync("2026-12-31");
        await tab.Find("dialog form").SubmitAsync();
        tab.WaitForAssertion(() => tab.Find("#field-reason-error").TextContent.ShouldContain("1 to 500"));
        tab.Find("dialog").TextContent.ShouldContain("from 0 to 250 credits");
        await tab.Find("#field-reason").ChangeAsync("Outage of 2 November");

        (await _world.TwiceAsync(() => tab.Find("dialog form"), "submit")).ShouldBe(1);

        tab.WaitForAssertion(() => tab.FindAll("dialog").ShouldBeEmpty());
        tab.WaitForAssertion(() => tab.Find(".figure-value").TextContent.ShouldContain("250"));
        tab.WaitForAssertion(() => tab.Markup.ShouldContain("Granted: Outage of 2 November"));
        // The end of the year where the customer is.
        (await _world.Billing.ScalarAsync<DateTime>("SELECT expires_at FROM prepaid_grants WHERE organisation_id = $1", organisation.Id)).ShouldBe(new DateTime(2026, 12, 31, 18, 30, 0, DateTimeKind.Utc));
        tab.Markup.ShouldContain("31 Dec 2026");
    }

    [Fact]
    public async Task Prepaid_credits_and_account_credit_stand_apart()
    {
        var organisation = await _world.Billing.OrganisationAsync();
        await GrantAsync(organisation, 100);

        var tab = Tab(organisation);

        tab.WaitForAssertion(() => tab.FindAll(".section-head h2").Select(heading => heading.TextContent).ShouldBe(["Prepaid credits", "Transactions", "Purchased packs", "Discounts", "Account credit"], ignoreOrder: true));
        tab.WaitForAssertion(() => tab.Markup.ShouldContain("Money paid but not yet used by an invoice"));
    }

    [Fact]
    public async Task A_customer_without_credits_is_told_what_they_are_for_and_offered_the_packs()
    {
        var organisation = await _world.Billing.OrganisationAsync();
        await PackAsync();
        await _world.BecomeAsync(SystemRoles.Owner, organisation.Id);

        var page = Credits(organisation);

        page.WaitForAssertion(() => page.Find(".figure-note").TextContent.ShouldBe("Usage is billed at its price"));
        page.WaitForAssertion(() => page.FindAll($"a[href^='/o/{organisation.Id}/credits/buy/']").ShouldHaveSingleItem());
        page.WaitForAssertion(() => page.Markup.ShouldContain("No transactions yet"));
        page.FindAll(".chart").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pack_is_bought_and_the_page_shows_the_new_balance_without_being_reloaded()
    {
        var organisation = await _world.Billing.OrganisationAsync();
        var pack = await PackAsync();
        await _world.BecomeAsync(SystemRoles.Owner, organisation.Id);
        _world.Pages.SetRendererInfo(new RendererInfo("Static", isInteractive: false));
        var buy = _world.Pages.Render<BuyCreditsPage>(parameters => parameters.Add(page => page.OrganisationId, organisation.Id).Add(page => page.ProductId, pack));
        // 999 and 18 %.
        buy.WaitForAssertion(() => buy.Find(".figure-value").TextContent.Trim().ShouldBe("₹1,178.82"));
        buy.Markup.ShouldContain("₹179.82");
        await buy.InvokeAsync(() => buy.Find("form").SubmitAsync());
        buy.WaitForAssertion(() => buy.Find("[data-checkout]").GetAttribute("data-checkout")!.ShouldContain("1,000 credits"));
        _world.Pages.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        await using var db = await _world.Billing.Store.OpenAsync(_world.Billing.Staff.Scope, default);
        var (order, provider) = (db.PaymentOrders.Select(row => row.Id).Single(), db.PaymentOrders.Select(row => row.ProviderOrderId).Single()!);
        var purchase = db.PrepaidPurchases.Select(row => row.Id).Single();

        var page = Credits(organisation, purchase);
        page.WaitForAssertion(() => page.Markup.ShouldContain("Your payment is being confirmed"));
        (await _world.Get<SettlePayment>().RunAsync(CallContext.System("test", "the provider said so"), order, _world.Gateway.Pay(provider), default)).Succeeded.ShouldBeTrue();
        _world.Changes.Say(ChangeKinds.PrepaidCredits, organisation.Id);
        _world.Billing.Clock.Now = _world.Billing.Clock.Now.AddSeconds(1);

        page.WaitForAssertion(() => page.Markup.ShouldContain("1,000 credits is paid"));
        page.WaitForAssertion(() => page.Find(".figure-value").TextContent.ShouldContain("1,000"));
        page.WaitForAssertion(() => page.Markup.ShouldContain("Purchased: 1,000 credits"));
        page.WaitForAssertion(() => page.FindAll($"a[href='/o/{organisation.Id}/credits/purchases/{purchase}/voucher']").Count.ShouldBe(2));
        page.FindAll(".chart").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Who_may_not_pay_sees_the_packs_and_cannot_buy_one()
    {
        var organisation = await _world.Billing.OrganisationAsync();
        await PackAsync();
        await _world.BecomeAsync(SystemRoles.Owner, organisation.Id);
        _world.Calls.Permissions = new HashSet<string> { Permissions.CreditsRead };

        var page = Credits(organisation);

        page.WaitForAssertion(() => page.Markup.ShouldContain("1,000 credits"));
        var buy = await _world.Get<StartPrepaidPurchase>().RunAsync(await _world.Calls.ForOrganisationAsync(organisation.Id), Guid.NewGuid(), default);
        buy.Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task A_pack_that_is_not_sold_is_not_there()
    {
        var organisation = await _world.Billing.OrganisationAsync();
        await _world.BecomeAsync(SystemRoles.Owner, organisation.Id);

        var page = _world.Pages.Render<BuyCreditsPage>(parameters => parameters.Add(page => page.OrganisationId, organisation.Id).Add(page => page.ProductId, Guid.NewGuid()));

        page.WaitForAssertion(() => page.Markup.ShouldContain("Page not found"));
        page.WaitForAssertion(() => _world.Request.Response.StatusCode.ShouldBe(404));
    }

    [Fact]
    public async Task The_overview_leads_to_credits_as_soon_as_there_were_any()
    {
        var organisation = await _world.Billing.OrganisationAsync();
        await GrantAsync(organisation, 100);
        await _world.BecomeAsync(SystemRoles.Owner, organisation.Id);

        var figure = _world.Pages.Render<CreditsFigure>(parameters => parameters.Add(part => part.OrganisationId, organisation.Id));

        figure.WaitForAssertion(() => figure.Find("a.figure").GetAttribute("href").ShouldBe($"/o/{organisation.Id}/credits"));
        figure.Find(".figure-value").TextContent.Trim().ShouldBe("100");
    }

    private IRenderedComponent<OrganisationCredits> Tab(Organisation organisation) => _world.Pages.Render<OrganisationCredits>(parameters => parameters
        .Add(tab => tab.Organisation, organisation)
        .Add(tab => tab.Call, cancellation => _world.Calls.ForStaffAsync(cancellation)));

    private IRenderedComponent<CreditsPage> Credits(Organisation organisation, Guid? purchase = null)
    {
        _world.Navigation.NavigateTo($"/o/{organisation.Id}/credits{(purchase is null ? "" : $"?purchase={purchase}")}");
        return _world.Pages.Render<CreditsPage>(parameters => parameters.Add(page => page.OrganisationId, organisation.Id));
    }

    private async Task<Guid> PackAsync() => (await _world.Get<SaveCreditProduct>().RunAsync(
        _world.Billing.Staff, null, new CreditProductInput { Name = "1,000 credits", Credits = 1000, Price = 999, Currency = "INR", ValidityDays = 365 }, default)).Value.Id;

    private async Task CostAsync() => (await _world.Get<CreateCreditCost>().RunAsync(
        _world.Billing.Staff, new CreditCostInput { MetricName = "api_calls", Unit = "calls", CreditsPerUnit = 1, EffectiveFrom = new DateOnly(2026, 1, 1) }, default)).Succeeded.ShouldBeTrue();

    private async Task GrantAsync(Organisation organisation, decimal credits) => (await _world.Get<GrantPrepaidCredits>().RunAsync(
        _world.Billing.Staff, new GrantPrepaidCreditsRequest { OrganisationId = organisation.Id, Credits = credits, Reason = "Welcome" }, default)).Succeeded.ShouldBeTrue();

    private static IElement Button<T>(IRenderedComponent<T> page, string text, string within = "")
        where T : IComponent => page.FindAll($"{within} button").Single(button => button.TextContent.Trim() == text);
}
