using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Portal.Components.Admin.Discounts;
using Portal.Components.Admin.Organisations;
using Portal.Components.Customer.Credits;
using Portal.Core.Access;
using Portal.Core.Discounts;
using Portal.Core.Organisations;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Prepaid;

[Covers(typeof(DiscountsPage), typeof(NewDiscountPage), typeof(DiscountPage))]
public sealed class DiscountPagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_discount_is_made_says_what_is_wrong_and_stands_in_the_catalogue()
    {
        var form = _world.Pages.Render<NewDiscountPage>();
        form.WaitForAssertion(() => form.Find("#field-name"));
        await form.Find("#field-name").ChangeAsync("Launch offer");
        await form.Find("#field-code").ChangeAsync("a b");
        await form.Find("#field-value").ChangeAsync("120");
        await form.Find("form.form").SubmitAsync();
        form.WaitForAssertion(() => form.Find("#field-value-error").TextContent.ShouldContain("up to 100"));
        form.Find("#field-code-error").TextContent.ShouldContain("4 to 40");
        await form.Find("#field-code").ChangeAsync("launch-20");
        await form.Find("#field-value").ChangeAsync("20");

        (await _world.TwiceAsync(() => form.Find("form.form"), "submit")).ShouldBe(1);

        form.WaitForAssertion(() => _world.Navigation.Uri.ShouldContain("/admin/discounts/0"));
        var list = _world.Pages.Render<DiscountsPage>();
        list.WaitForAssertion(() => list.Find("tbody tr").TextContent.ShouldContain("LAUNCH-20"));
        list.Find("tbody tr").TextContent.ShouldContain("20%");
        list.Find("tbody tr").TextContent.ShouldContain("Active");
    }

    [Fact]
    public async Task An_amount_asks_for_its_currency()
    {
        var form = _world.Pages.Render<NewDiscountPage>();
        form.WaitForAssertion(() => form.Find("#field-name"));
        form.FindAll("#field-currency").ShouldBeEmpty();
        await form.Find("#field-kind").ChangeAsync("amount");
        form.WaitForAssertion(() => form.Find("#field-currency"));
        await form.Find("#field-name").ChangeAsync("Calls on us");
        await form.Find("#field-value").ChangeAsync("500");
        await form.Find("#field-metricName").ChangeAsync("api_calls");

        await form.Find("form.form").SubmitAsync();

        form.WaitForAssertion(() => _world.Navigation.Uri.ShouldContain("/admin/discounts/0"));
        var page = _world.Pages.Render<DiscountPage>(parameters => parameters.Add(one => one.Id, Guid.Parse(_world.Navigation.Uri.Split('/')[^1])));
        page.WaitForAssertion(() => page.Markup.ShouldContain("₹500.00"));
        page.WaitForAssertion(() => page.Markup.ShouldContain("No redemptions yet"));
    }

    [Fact]
    public async Task The_catalogue_is_offered_and_a_metric_of_one_unit_fills_it_in()
    {
        await _world.Billing.SqlAsync("INSERT INTO metrics (id, name, unit, created_at) VALUES (gen_random_uuid(), 'api_calls', 'calls', now()), (gen_random_uuid(), 'storage', 'gb', now()), (gen_random_uuid(), 'storage', 'tb', now())");
        var form = _world.Pages.Render<NewDiscountPage>();
        form.WaitForAssertion(() => form.FindAll("#field-metricName-list option").Select(option => (option.GetAttribute("value"), option.GetAttribute("label"))).ShouldBe([("api_calls", "api_calls (calls)"), ("storage", "storage (gb, tb)")]));

        await form.Find("#field-metricName").ChangeAsync("api_calls");
        form.Find("#field-unit").GetAttribute("value").ShouldBe("calls");
        // Two units: nobody can tell which; both are offered.
        await form.Find("#field-unit").ChangeAsync("");
        await form.Find("#field-metricName").ChangeAsync("storage");
        form.Find("#field-unit").GetAttribute("value").ShouldBe("");
        form.FindAll("#field-unit-list option").Select(option => option.GetAttribute("value")).ShouldBe(["gb", "tb"]);
        // What was typed for a metric of one's own stays.
        await form.Find("#field-unit").ChangeAsync("parcels");
        await form.Find("#field-metricName").ChangeAsync("deliveries");
        form.Find("#field-metricName").GetAttribute("value").ShouldBe("deliveries");
        form.Find("#field-unit").GetAttribute("value").ShouldBe("parcels");
    }

    [Fact]
    public async Task A_discount_that_is_withdrawn_is_kept_by_who_has_it()
    {
        var (organisation, discount) = (await _world.Billing.OrganisationAsync(), await DiscountAsync());
        await GiveAsync(organisation, discount);
        var page = _world.Pages.Render<DiscountPage>(parameters => parameters.Add(one => one.Id, discount));
        page.WaitForAssertion(() => page.Find("tbody tr").TextContent.ShouldContain("As agreed"));
        page.WaitForAssertion(() => Button(page, "Withdraw"));
        await Button(page, "Withdraw").ClickAsync(new());

        (await _world.TwiceAsync(() => Button(page, "Withdraw discount", "dialog"))).ShouldBe(1);

        page.WaitForAssertion(() => page.Find("h1").ParentElement!.TextContent.ShouldContain("Withdrawn"));
        page.Find("tbody tr").TextContent.ShouldContain("Active");
    }

    [Fact]
    public async Task Staff_give_a_discount_with_a_reason_and_end_it()
    {
        var (organisation, discount) = (await _world.Billing.OrganisationAsync(), await DiscountAsync());
        var tab = _world.Pages.Render<OrganisationCredits>(parameters => parameters
            .Add(part => part.Organisation, organisation)
            .Add(part => part.Call, cancellation => _world.Calls.ForStaffAsync(cancellation)));
        tab.WaitForAssertion(() => tab.Markup.ShouldContain("No discounts"));
        tab.WaitForAssertion(() => Button(tab, "Apply discount"));
        await Button(tab, "Apply discount").ClickAsync(new());
        tab.WaitForAssertion(() => tab.Find("dialog #field-discountId"));
        await tab.Find("dialog #field-discountId").ChangeAsync(discount.ToString());
        await tab.Find("dialog form").SubmitAsync();
        tab.WaitForAssertion(() => tab.Find("#field-reason-error").TextContent.ShouldContain("1 to 500"));
        await tab.Find("#field-reason").ChangeAsync("As agreed");

        (await _world.TwiceAsync(() => tab.Find("dialog form"), "submit")).ShouldBe(1);

        tab.WaitForAssertion(() => tab.Markup.ShouldContain("By staff: As agreed"));
        tab.Markup.ShouldContain("From November 2026");
        await Button(tab, "End Launch offer").ClickAsync(new());
        await tab.Find("#end-month").ChangeAsync("2026-12");
        (await _world.TwiceAsync(() => Button(tab, "End discount", "dialog"))).ShouldBe(1);
        tab.WaitForAssertion(() => tab.Markup.ShouldNotContain("From November 2026"));
        (await _world.Get<ListOrganisationDiscounts>().RunAsync(_world.Billing.Staff, organisation.Id, new(), default)).Value.Items.Single().EndMonth.ShouldBe((2026 * 12) + 11);
    }

    [Fact]
    public async Task A_customer_redeems_a_code_once_and_is_told_when_it_is_not_valid()
    {
        var organisation = await _world.Billing.OrganisationAsync();
        await DiscountAsync();
        await _world.BecomeAsync(SystemRoles.Owner, organisation.Id);
        _world.Navigation.NavigateTo($"/o/{organisation.Id}/credits");
        var part = _world.Pages.Render<CustomerDiscounts>(parameters => parameters
            .Add(one => one.OrganisationId, organisation.Id)
            .Add(one => one.Call, cancellation => _world.Calls.ForOrganisationAsync(organisation.Id, cancellation)));
        part.WaitForAssertion(() => part.Markup.ShouldContain("If you have a code"));
        part.WaitForAssertion(() => part.Find("#field-code"));
        await part.Find("#field-code").ChangeAsync("nothing");
        await part.Find("form.form").SubmitAsync();
        part.WaitForAssertion(() => part.Find("#field-code-error").TextContent.ShouldContain("not valid"));
        await part.Find("#field-code").ChangeAsync("launch-20");

        (await _world.TwiceAsync(() => part.Find("form.form"), "submit")).ShouldBe(1);

        part.WaitForAssertion(() => part.Find("tbody tr").TextContent.ShouldContain("Launch offer"));
        part.WaitForAssertion(() => (part.Find("#field-code").GetAttribute("value") ?? "").ShouldBe(""));
    }

    private async Task<Guid> DiscountAsync() => (await _world.Get<CreateDiscount>().RunAsync(
        _world.Billing.Staff, new DiscountInput { Name = "Launch offer", Code = "LAUNCH-20", Kind = "percentage", Value = 20 }, default)).Value.Id;

    private async Task GiveAsync(Organisation organisation, Guid discount) => (await _world.Get<GiveDiscount>().RunAsync(
        _world.Billing.Staff, new GiveDiscountRequest { OrganisationId = organisation.Id, DiscountId = discount, Reason = "As agreed" }, default)).Succeeded.ShouldBeTrue();

    private static IElement Button<T>(IRenderedComponent<T> page, string text, string within = "")
        where T : IComponent => page.FindAll($"{within} button").Single(button => button.TextContent.Trim() == text);
}
