using AngleSharp.Dom;
using Bunit;
using Portal.Components.Admin.Prices;
using Portal.Core.Kernel;
using Portal.Core.Pricing;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Prices;

[Covers(typeof(PricesPage), typeof(PricePage), typeof(NewPricePage))]
public sealed class PricePagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public void A_list_without_prices_says_what_belongs_there()
    {
        var page = _world.Pages.Render<PricesPage>();

        page.WaitForAssertion(() => page.Find(".empty h2").TextContent.ShouldBe("No prices yet"));
    }

    [Fact]
    public async Task A_list_names_price_scope_and_state_of_each()
    {
        var organisation = await _world.Billing.OrganisationAsync();
        await _world.Billing.PriceAsync("api_calls", 0.0525m, organisation.Id);
        await _world.Billing.PriceAsync("api_calls", 1m, from: new DateOnly(2027, 1, 1));

        var page = _world.Pages.Render<PricesPage>();

        page.WaitForAssertion(() => page.FindAll("tbody tr.linked").Count.ShouldBe(2));
        var rows = page.FindAll("tbody tr").Select(row => row.TextContent).ToList();
        rows.Single(row => row.Contains("All organisations", StringComparison.Ordinal)).ShouldContain("Upcoming");
        var own = rows.Single(row => row.Contains(organisation.Name, StringComparison.Ordinal));
        own.ShouldContain("₹0.0525 per calls");
        own.ShouldContain("In force");
    }

    [Fact]
    public async Task A_price_that_is_not_there_says_so()
    {
        var isNotFound = false;
        _world.Navigation.OnNotFound += (_, _) => isNotFound = true;
        var page = _world.Pages.Render<PricePage>(parameters => parameters.Add(price => price.Id, Guid.CreateVersion7(_world.Billing.Clock.Now)));

        await page.WaitForAssertionAsync(() => (isNotFound || page.Markup.Contains("Price not found.", StringComparison.Ordinal)).ShouldBeTrue());
    }

    [Fact]
    public async Task A_quote_follows_what_is_typed()
    {
        var id = await _world.Billing.PriceAsync(new PriceInput
        {
            MetricName = "api_calls",
            Unit = "calls",
            Currency = "INR",
            Model = "graduated",
            EffectiveFrom = new DateOnly(2026, 1, 1),
            Tiers = [new(1_000, 0.10m, 5), new(10_000, 0.05m), new(null, 0.01m, 20)],
        });
        var page = _world.Pages.Render<PricePage>(parameters => parameters.Add(price => price.Id, id));
        page.WaitForAssertion(() => page.Find(".quote .figure-value").TextContent.ShouldBe("₹105.00"));

        await page.DoAsync("#quote-quantity", element => element.InputAsync("12,000"));

        page.Find(".quote .figure-value").TextContent.ShouldBe("₹595.00");
        page.FindAll(".quote-rows tbody tr").Count.ShouldBe(3);
        await page.DoAsync("#quote-quantity", element => element.InputAsync("many"));
        page.Find(".quote").TextContent.ShouldContain("Enter a number");
    }

    [Fact]
    public async Task A_price_that_is_made_twice_by_a_double_click_is_there_once()
    {
        var page = OpenNew();
        await FillAsync(page, "metricName", "api_calls");
        await FillAsync(page, "unit", "calls");
        await TypeAsync(page, "price", "0.05");

        (await _world.TwiceAsync(() => page.Find("form.form"), "submit")).ShouldBe(1);

        page.WaitForAssertion(() => _world.Navigation.Uri.ShouldContain("/admin/prices/0"));
        (await PricesAsync()).ShouldHaveSingleItem().Terms.UnitPrice.ShouldBe(0.05m);
    }

    [Fact]
    public async Task What_is_refused_stands_beside_its_field_and_what_was_typed_stays()
    {
        var page = OpenNew();
        await FillAsync(page, "metricName", "not a metric");
        await TypeAsync(page, "price", "0.05");

        await page.DoAsync("form.form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find("#field-metricName").GetAttribute("aria-invalid").ShouldBe("true"));
        page.Find("#field-metricName").GetAttribute("value").ShouldBe("not a metric");
        page.Find("#field-metricName-error").TextContent.ShouldContain("letters, digits");
        page.FindAll(".note.bad li a").Count.ShouldBe(2);
        (await PricesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_price_that_overlaps_another_is_refused_in_words()
    {
        await _world.Billing.PriceAsync("api_calls", 1);
        var page = OpenNew();
        await FillAsync(page, "metricName", "api_calls");
        await FillAsync(page, "unit", "calls");
        await TypeAsync(page, "price", "2");

        await page.DoAsync("form.form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find(".note.bad").TextContent.ShouldContain("End it first"));
    }

    [Fact]
    public async Task A_number_that_cannot_be_read_stays_and_keeps_the_form_from_being_sent()
    {
        var page = OpenNew();
        await TypeAsync(page, "price", "five");

        await page.DoAsync("form.form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find("#field-price-error").TextContent.ShouldContain("Enter a number"));
        page.Find("#field-price").GetAttribute("value").ShouldBe("five");
    }

    [Fact]
    public async Task Tiers_are_added_filled_removed_and_stored_in_order()
    {
        var page = OpenNew();
        await FillAsync(page, "metricName", "api_calls");
        await FillAsync(page, "unit", "calls");
        await page.DoAsync("#field-model", element => element.ChangeAsync("graduated"));
        await page.DoAsync(() => Button(page, "Add tier"), element => element.ClickAsync(new()));
        page.FindAll(".tier").Count.ShouldBe(3);
        await TypeAsync(page, "tiers[0].upTo", "1000");
        await TypeAsync(page, "tiers[0].price", "0.10");
        await TypeAsync(page, "tiers[1].upTo", "what");
        await TypeAsync(page, "tiers[2].price", "0.01");

        await page.DoAsync("[aria-label='Remove tier 2']", element => element.ClickAsync(new()));

        page.FindAll(".tier").Count.ShouldBe(2);
        page.FindAll(".tier .error").ShouldBeEmpty();
        page.Find(".quote .figure-value").TextContent.ShouldBe("₹100.00");
        await page.DoAsync("form.form", element => element.SubmitAsync());
        page.WaitForAssertion(() => _world.Navigation.Uri.ShouldContain("/admin/prices/0"));
        (await PricesAsync()).Single().Terms.Tiers.ShouldBe([new Tier(1_000, 0.10m), new Tier(null, 0.01m)]);
    }

    [Theory]
    [InlineData("volume", "tiers[0].upTo=1000 tiers[0].price=0.10 tiers[1].price=0.05", "₹600.00")]
    [InlineData("package", "price=5 size=1000 free=2000", "₹50.00")]
    [InlineData("stair-step", "steps[0].upTo=1000 steps[0].price=50 steps[1].price=200", "₹200.00")]
    [InlineData("percentage", "rate=2.5 freeAmount=2000 fee=0.30 freeEvents=50", "₹265.00")]
    [InlineData("graduated-percentage", "tiers[0].upTo=1000 tiers[0].rate=3 tiers[1].rate=2", "₹250.00")]
    public async Task Every_model_is_typed_quoted_drawn_and_stored(string model, string fields, string quoted)
    {
        var page = OpenNew();
        await FillAsync(page, "metricName", "api_calls");
        await FillAsync(page, "unit", "calls");
        await page.DoAsync("#field-model", element => element.ChangeAsync(model));
        foreach (var field in fields.Split(' '))
            await TypeAsync(page, field.Split('=')[0], field.Split('=')[1]);
        await page.DoAsync("#quote-quantity", element => element.InputAsync("12000"));

        page.Find(".quote .figure-value").TextContent.ShouldBe(quoted);
        page.Find(".curve-line").GetAttribute("d").ShouldStartWith("M0 ");
        await page.FindAll(".switch button")[1].ClickAsync(new());
        page.Find(".chart .label").TextContent.ShouldBe("Average per unit by quantity");
        await page.DoAsync("form.form", element => element.SubmitAsync());
        page.WaitForAssertion(() => _world.Navigation.Uri.ShouldContain("/admin/prices/0"));
        var price = (await PricesAsync()).Single();
        PriceModels.Name(price.Terms.Model).ShouldBe(model);
        var shown = _world.Pages.Render<PricePage>(parameters => parameters.Add(one => one.Id, price.Id));
        shown.WaitForAssertion(() => shown.Find(".curve-line"));
    }

    [Fact]
    public async Task A_cliff_of_a_volume_price_is_a_warning_beside_the_quote()
    {
        var page = OpenNew();
        await FillAsync(page, "metricName", "api_calls");
        await FillAsync(page, "unit", "calls");
        await page.DoAsync("#field-model", element => element.ChangeAsync("volume"));
        await TypeAsync(page, "tiers[0].upTo", "1000");
        await TypeAsync(page, "tiers[0].price", "0.10");
        await TypeAsync(page, "tiers[1].price", "0.05");

        page.Find(".note.warn").TextContent.ShouldContain("Above 1,000 it falls from ₹100.00 to ₹50.00.");
        await page.DoAsync("form.form", element => element.SubmitAsync());
        page.WaitForAssertion(() => _world.Navigation.Uri.ShouldContain("/admin/prices/0"));
    }

    [Fact]
    public async Task A_new_version_begins_with_the_numbers_of_the_one_before_and_ends_it()
    {
        var old = await _world.Billing.PriceAsync("api_calls", 1);
        _world.Navigation.NavigateTo($"/admin/prices/new?replaces={old}");
        var page = _world.Pages.Render<NewPricePage>();
        page.WaitForAssertion(() => page.Find("h1").TextContent.ShouldBe("New version of api_calls"));
        page.Find("#field-metricName").HasAttribute("disabled").ShouldBeTrue();
        page.FindAll("input[type=radio]").ShouldBeEmpty();
        await TypeAsync(page, "price", "2");

        await page.DoAsync("form.form", element => element.SubmitAsync());

        page.WaitForAssertion(() => _world.Navigation.Uri.ShouldContain("/admin/prices/0"));
        (await PricesAsync()).OrderBy(price => price.EffectiveFrom).Select(price => (price.Terms.UnitPrice, price.EffectiveTo)).ShouldBe([(1m, new DateOnly(2026, 12, 1)), (2m, null)]);
    }

    [Fact]
    public async Task One_organisation_is_found_by_name_and_brings_its_currency()
    {
        var organisation = await _world.Billing.OrganisationAsync(currency: "USD");
        var page = OpenNew();
        await page.FindAll("input[type=radio]")[1].ChangeAsync(true);
        await page.DoAsync("form.form", element => element.SubmitAsync());
        page.WaitForAssertion(() => page.Markup.ShouldContain("Choose an organisation."));

        await page.DoAsync("#field-organisationId", element => element.InputAsync(organisation.Name[..12]));
        page.WaitForAssertion(() => page.FindAll(".found button").Count.ShouldBe(1));
        await page.DoAsync(".found button", element => element.ClickAsync(new()));

        page.Find("fieldset strong").TextContent.ShouldBe(organisation.Name);
        page.Find("#field-currency").GetAttribute("value").ShouldBe("USD");
    }

    [Fact]
    public async Task An_end_asks_first_and_a_double_click_ends_once()
    {
        var id = await _world.Billing.PriceAsync("api_calls", 1);
        var page = _world.Pages.Render<PricePage>(parameters => parameters.Add(price => price.Id, id));
        page.WaitForAssertion(() => page.Find("h1").TextContent.ShouldBe("api_calls"));
        await page.InvokeAsync(() => page.FindComponent<Portal.Components.Shared.Dialogs.ConfirmDialog>().Instance.Open());
        page.Find("dialog h2").TextContent.ShouldBe("End the price of api_calls?");

        await page.DoAsync("#end-day", element => element.ChangeAsync("2027-01-01"));

        (await _world.TwiceAsync(() => Button(page, "End price", "dialog"))).ShouldBe(1);

        page.WaitForAssertion(() => page.FindAll("dialog").ShouldBeEmpty());
        (await PricesAsync()).Single().EffectiveTo.ShouldBe(new DateOnly(2027, 1, 1));
    }

    private IRenderedComponent<NewPricePage> OpenNew()
    {
        var page = _world.Pages.Render<NewPricePage>();
        page.WaitForAssertion(() => page.Find("#field-metricName"));
        return page;
    }

    private static Task FillAsync(IRenderedComponent<NewPricePage> page, string field, string value) => page.Find($"[id='field-{field}']").ChangeAsync(value);

    private static Task TypeAsync(IRenderedComponent<NewPricePage> page, string field, string value) => page.Find($"[id='field-{field}']").InputAsync(value);

    private static IElement Button<T>(IRenderedComponent<T> page, string text, string within = "")
        where T : Microsoft.AspNetCore.Components.IComponent => page.FindAll($"{within} button").Single(button => button.TextContent.Trim() == text);

    private async Task<IReadOnlyList<PriceDetails>> PricesAsync() =>
        (await _world.Billing.Get<ListPrices>().RunAsync(_world.Billing.Staff, new PriceFilter(), new ListRequest(), default)).Value.Items;
}
