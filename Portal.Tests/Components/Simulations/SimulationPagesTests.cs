using Bunit;
using Portal.Changes;
using Portal.Components.Admin.Prices;
using Portal.Components.Admin.Simulations;
using Portal.Components.Shared;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Pricing;
using Portal.Core.Simulations;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Simulations;

[Covers(typeof(SimulationsPage), typeof(SimulationPage), typeof(NewSimulationPage), typeof(SimulatedOrganisationPage))]
public sealed class SimulationPagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        await _world.Billing.PriceAsync("api_calls", 1);
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Before_the_first_one_the_list_offers_it()
    {
        var page = _world.Open<SimulationsPage>("/admin/simulations");

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No simulations yet"));
        page.WaitForElement(".empty a").GetAttribute("href").ShouldBe("/admin/simulations/new");
    }

    [Fact]
    public async Task A_price_is_typed_with_the_price_editor_s_own_parts_and_asked_for_once()
    {
        var page = _world.Open<NewSimulationPage>("/admin/simulations/new");
        await page.WaitForElement("[id='field-price.metricName']").ChangeAsync("api_calls");
        await page.Find("[id='field-price.unit']").ChangeAsync("calls");
        await page.Find("[id='field-price.model']").ChangeAsync("volume");
        await page.WaitForElement("[id='field-price.tiers[0].upTo']").ChangeAsync("1000");
        await page.Find("[id='field-price.tiers[0].price']").ChangeAsync("2");
        await page.Find("[id='field-price.tiers[1].price']").ChangeAsync("1");

        (await _world.TwiceAsync(() => page.Find("form.form"), "submit")).ShouldBe(1);

        var asked = (await ListAsync()).ShouldHaveSingleItem();
        await page.WaitForAssertionAsync(() => _world.Navigation.Uri.ShouldEndWith($"/admin/simulations/{asked.Id}"));
        (asked.Months, asked.CliffPercent, asked.Title).ShouldBe((3, 25m, "api_calls (calls), volume"));
        asked.Draft.Price!.Tiers!.Select(tier => (tier.UpTo, tier.Price)).ShouldBe([(1000m, 2m), (null, 1m)]);
    }

    [Fact]
    public async Task What_is_missing_stands_beside_its_field_and_what_was_typed_stays()
    {
        var page = _world.Open<NewSimulationPage>("/admin/simulations/new");
        await page.WaitForElement("[id='field-price.metricName']").ChangeAsync("api_calls");

        await page.Find("form.form").SubmitAsync();

        await page.WaitForAssertionAsync(() => page.Find("[id='field-price.price-error']").TextContent.ShouldContain("needs a price per unit"));
        page.Find("[id='field-price.metricName']").GetAttribute("value").ShouldBe("api_calls");
        (await ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_simulation_is_watched_called_off_or_read_to_the_organisation_s_months()
    {
        await _world.Billing.BillableAsync();
        var large = await _world.Billing.BillableAsync(quantity: 5_000);
        var id = await StartAsync();
        var page = Open(id);
        await page.WaitForAssertionAsync(() => page.Find("progress"));
        await page.WaitForAssertionAsync(() => page.Buttons("Cancel simulation").ShouldHaveSingleItem());

        while (await _world.Billing.Get<RunSimulation>().RunNextAsync(default))
        {
            // Until none waits.
        }

        _world.Changes.Say(ChangeKinds.Simulation, id);

        await page.WaitForAssertionAsync(() => page.Rows("Organisations").Count.ShouldBe(2));
        page.FindAll("progress").ShouldBeEmpty();
        Figure(page, "Difference").ShouldContain("900.00");
        Figure(page, "Pay more").ShouldContain("1");
        Figure(page, "Pay less").ShouldContain("1");
        page.Rows("Organisations")[0][..2].ShouldBe(["Organisation 00001", "₹100.00"]);
        page.Find("a[href*='/admin/prices/new?simulation=']").TextContent.ShouldContain("Create this price");
        page.Markup.ShouldContain("not what was invoiced then");

        var one = _world.Open<SimulatedOrganisationPage>($"/admin/simulations/{id}/organisations/{large}", parameters => parameters.Add(shown => shown.Id, id).Add(shown => shown.OrganisationId, large));
        await one.WaitForAssertionAsync(() => one.Find("h1").TextContent.ShouldBe("Organisation 00002"));
        Figure(one, "Simulated").ShouldContain("4,000.00");
        one.FindAll("details tbody tr").Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_runs_is_called_off_by_its_button()
    {
        var id = await StartAsync();
        var page = Open(id);
        await page.WaitForAssertionAsync(() => page.Buttons("Cancel simulation").ShouldHaveSingleItem());

        await page.Buttons("Cancel simulation").Single().ClickAsync(new());

        await page.WaitForAssertionAsync(() => page.Find(".badge").TextContent.ShouldContain("Cancelled"));
        (await ListAsync()).Single().State.ShouldBe(SimulationState.Cancelled);
    }

    [Fact]
    public async Task Making_the_price_begins_with_the_terms_that_were_tried()
    {
        var id = await StartAsync();

        var page = _world.Open<NewPricePage>($"/admin/prices/new?simulation={id}");

        await page.WaitForAssertionAsync(() => page.Find("[id='field-tiers[0].upTo']").GetAttribute("value").ShouldBe("1000"));
        page.Find("#field-metricName").GetAttribute("value").ShouldBe("api_calls");
        page.Find("[id='field-tiers[1].price']").GetAttribute("value").ShouldBe("0.8");
    }

    [Fact]
    public async Task Who_reads_only_is_offered_none_and_can_start_none()
    {
        var id = await StartAsync();
        await _world.BecomeAsync(SystemRoles.Viewer);

        var list = _world.Open<SimulationsPage>("/admin/simulations");
        await list.WaitForAssertionAsync(() => list.FindAll("tbody tr.linked").ShouldHaveSingleItem());
        list.FindAll("a[href='/admin/simulations/new']").ShouldBeEmpty();
        var page = Open(id);
        await page.WaitForAssertionAsync(() => page.Find("progress"));
        page.Buttons("Cancel simulation").ShouldBeEmpty();
    }

    private static string Figure(IRenderedComponent<PageBoundary> page, string name) => page.FindAll(".figure").Single(figure => figure.QuerySelector(".figure-name")!.TextContent == name).TextContent;

    private IRenderedComponent<PageBoundary> Open(Guid id) => _world.Open<SimulationPage>($"/admin/simulations/{id}", parameters => parameters.Add(page => page.Id, id));

    private async Task<Guid> StartAsync()
    {
        var draft = new SimulationDraft { Price = new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "volume", Tiers = [new(1_000, 2), new(null, 0.8m)] } };
        return (await _world.Billing.Get<StartSimulation>().RunAsync(_world.Billing.Staff, new StartSimulationRequest { Months = 1, Draft = draft }, default)).Value.Id;
    }

    private async Task<IReadOnlyList<SimulationDetails>> ListAsync() => (await _world.Billing.Get<ListSimulations>().RunAsync(_world.Billing.Staff, null, new ListRequest(), default)).Value.Items;
}
