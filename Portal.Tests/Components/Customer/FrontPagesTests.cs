using Bunit;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Components.Customer.Settings;
using Portal.Core.Access;
using Portal.Core.Pricing;
using Portal.Tests.Components.Support;
using AdminOverview = Portal.Components.Admin.OverviewPage;
using CustomerOverview = Portal.Components.Customer.OverviewPage;

namespace Portal.Tests.Components.Customer;

[Covers(typeof(AdminOverview), typeof(CustomerOverview), typeof(SettingsPage))]
public sealed class FrontPagesTests : IAsyncLifetime
{
    private readonly PortalPages _pages = new();

    public Task InitializeAsync() => _pages.InitializeAsync();

    public Task DisposeAsync() => _pages.DisposeAsync();

    [Fact]
    public async Task The_customer_s_front_page_has_this_month_beside_the_last_and_where_it_is_heading()
    {
        // It is 21 November; a thousand a day for ten days before it, half of that in the same days of October.
        for (var day = 11; day <= 20; day++)
        {
            await UsageAsync(_pages.World.Acme.Id, _pages.World.AcmeProject.Id, new DateOnly(2026, 11, day), 1_000m, 4);
            await UsageAsync(_pages.World.Acme.Id, _pages.World.AcmeProject.Id, new DateOnly(2026, 10, day), 500m, 2);
        }

        await UsageAsync(_pages.World.Acme.Id, _pages.World.AcmeProject.Id, new DateOnly(2026, 10, 25), 700m, 1);
        await UsageAsync(_pages.World.Globex.Id, _pages.World.GlobexProject.Id, new DateOnly(2026, 11, 20), 777m, 7);

        var page = Customer(_pages.World.Owner);

        page.WaitForAssertion(() => page.Rows("Usage by metric").Single().ShouldBe(["api_calls", "", "10,000\u00A0calls", "Up 100%", "20,000\u00A0calls", "5,700\u00A0calls"]));
        page.WaitForAssertion(() => page.FindAll(".figure-value").Select(figure => figure.TextContent.Trim()).ShouldBe(["Nothing", "₹0.00", "40", "1"]));
        page.FindAll(".figure-note").Select(note => note.TextContent.Trim()).ShouldContain("100% more than the same days of October 2026");
        page.Find(".spark").GetAttribute("aria-label").ShouldBe("api_calls each day of November 2026: from 0 to 0, at most 1,000");
        page.Find(".row-link").GetAttribute("href").ShouldEndWith("/usage?metric=api_calls");
    }

    [Fact]
    public async Task The_month_s_cost_is_rated_so_far_and_to_its_end_and_says_what_has_no_price()
    {
        await PriceAsync(2);
        for (var day = 11; day <= 20; day++)
            await UsageAsync(_pages.World.Acme.Id, _pages.World.AcmeProject.Id, new DateOnly(2026, 11, day), 1_000m, 4);
        await UsageAsync(_pages.World.Acme.Id, _pages.World.AcmeProject.Id, new DateOnly(2026, 11, 20), 3m, 1, "storage");

        var page = Customer(_pages.World.Owner);

        page.WaitForAssertion(() => page.FindAll(".figure").Single(figure => figure.TextContent.Contains("November 2026 so far")).TextContent.ShouldContain("₹20,000.00"));
        page.FindAll(".figure-note").Select(note => note.TextContent).ShouldContain("About ₹40,000.00 by the month's end, before tax; 1 metric has no price yet");
    }

    [Fact]
    public async Task A_cost_that_could_not_be_worked_out_is_said_in_its_place_and_can_be_asked_for_again()
    {
        await PriceAsync(2);
        await UsageAsync(_pages.World.Acme.Id, _pages.World.AcmeProject.Id, new DateOnly(2026, 11, 20), 1_000m, 4);
        // Only the rating of the month reads them.
        await RenameAsync("prices", "prices_away");

        var page = Customer(_pages.World.Owner);

        page.WaitForAssertion(() => Cost(page).QuerySelector("[role=alert]")!.TextContent.ShouldStartWith("This could not be calculated. Reference "));
        page.Find("h1").TextContent.ShouldBe("Overview");
        page.FindAll(".figure").Count.ShouldBe(4);
        await RenameAsync("prices_away", "prices");
        await page.InvokeAsync(() => Cost(page).QuerySelector("button")!.ClickAsync(new()));
        page.WaitForAssertion(() => Cost(page).TextContent.ShouldContain("₹2,000.00"));
        page.FindAll("[role=alert]").ShouldBeEmpty();
    }

    [Fact]
    public async Task Billed_and_collected_comes_after_the_page_and_its_failure_leaves_the_page_standing()
    {
        await RenameAsync("payments", "payments_away");
        _pages.As(_pages.World.Admin, "/admin");

        var page = _pages.Open<AdminOverview>();

        page.WaitForAssertion(() => page.Find("[role=alert] h2").TextContent.ShouldBe("Billed and collected could not be loaded"));
        page.WaitForAssertion(() => page.FindAll(".figure-value").Count.ShouldBe(5));
        await RenameAsync("payments_away", "payments");
        await page.InvokeAsync(() => page.Find("[role=alert] button").ClickAsync(new()));
        page.WaitForAssertion(() => page.FindAll(".empty h2").Select(head => head.TextContent).ShouldContain("Nothing billed yet"));
        page.FindAll("[role=alert]").ShouldBeEmpty();
    }

    [Fact]
    public void Without_usage_the_customer_is_led_to_the_keys()
    {
        var page = Customer(_pages.World.Owner);

        page.WaitForAssertion(() => page.Find(".empty h2").TextContent.ShouldBe("No usage this month"));
        page.Find(".empty a").GetAttribute("href").ShouldBe($"/o/{_pages.World.Acme.Id}/projects");
    }

    [Fact]
    public void A_role_sees_the_figures_that_it_may_see()
    {
        var page = Customer(_pages.World.Billing);

        page.WaitForAssertion(() => page.FindAll(".figure-name").Count.ShouldBe(3));
        page.FindAll(".figure-name").Select(name => name.TextContent).ShouldNotContain("Projects");
    }

    [Fact]
    public void Who_has_no_part_in_it_sees_no_figure()
    {
        var page = Customer(_pages.World.Stranger);

        page.WaitForAssertion(() => page.Find(".empty").TextContent.ShouldContain("You don't have access"));
        page.FindAll(".figure").ShouldBeEmpty();
    }

    [Fact]
    public async Task Staff_see_what_stands_what_waits_and_today_beside_the_same_weekday()
    {
        // It is 17:30 in India on Saturday 21 November.
        await UsageAsync(_pages.World.Globex.Id, _pages.World.GlobexProject.Id, new DateOnly(2026, 11, 21), 777m, 6);
        await UsageAsync(_pages.World.Acme.Id, _pages.World.AcmeProject.Id, new DateOnly(2026, 11, 14), 1m, 8);
        _pages.As(_pages.World.Admin, "/admin");

        var page = _pages.Open<AdminOverview>();

        page.WaitForAssertion(() => page.FindAll(".figure-value").Select(figure => figure.TextContent.Trim()).ShouldBe(["2", "6", "None", "None"]));
        page.FindAll(".figure-note").Select(note => note.TextContent.Trim()).ShouldContain("25% less than last Saturday");
        page.WaitForAssertion(() => page.FindAll(".empty h2").Select(head => head.TextContent).ShouldBe(["All caught up", "Nothing billed yet", "Nothing outstanding"]));
        page.FindAll("table").Single(table => table.TextContent.Contains("Saturday a week ago")).QuerySelectorAll("tbody tr")[10].TextContent.ShouldContain("6\u00A0events");
    }

    [Fact]
    public async Task A_platform_without_customers_is_told_how_to_begin()
    {
        await _pages.World.ExecuteAsync($"UPDATE organisations SET is_active = false");
        _pages.As(_pages.World.Admin, "/admin");

        var page = _pages.Open<AdminOverview>();

        page.WaitForAssertion(() => page.FindAll(".empty h2").Select(head => head.TextContent).ShouldContain("Start with a customer"));
        page.WaitForAssertion(() => page.FindAll(".empty a").Select(link => link.GetAttribute("href")).ShouldBe(["/admin/organisations/new", "/admin/prices/new"]));
    }

    [Fact]
    public async Task Until_the_figures_are_there_their_place_is_grey()
    {
        _pages.As(_pages.World.Admin, "/admin");
        await _pages.Get<PersonAccessReader>().FreshAsync(_pages.World.Admin.Id, default);
        _pages.Store.Hold();

        var page = _pages.Open<AdminOverview>();

        page.Find("[aria-busy=true] .skeleton");
        page.Find("h1").TextContent.ShouldBe("Overview");
        _pages.Store.LetGo();
        page.WaitForAssertion(() => page.FindAll(".skeleton").ShouldBeEmpty());
    }

    [Fact]
    public async Task A_customer_changes_its_billing_details_and_nothing_else()
    {
        var page = Settings(_pages.World.Owner);
        await page.DoAsync("#field-billingEmail", element => element.ChangeAsync("accounts@acme.example.com"));
        await page.DoAsync("#field-address", element => element.ChangeAsync("2 Example Street"));

        await page.DoAsync("form", element => element.SubmitAsync());

        page.WaitForAssertion(() => _pages.Toasts.Current.ShouldHaveSingleItem());
        var acme = await _pages.World.ReadAsync(db => db.Organisations.SingleAsync(row => row.Id == _pages.World.Acme.Id));
        (acme.BillingEmail, acme.Address, acme.Name, acme.Currency).ShouldBe(("accounts@acme.example.com", "2 Example Street", "Acme", "INR"));
        page.FindAll("#field-name, #field-currency, #field-ownRate").ShouldBeEmpty();
        var entry = await _pages.World.ReadAsync(db => db.AuditLog.SingleAsync(row => row.Action == "organisation.changed"));
        (entry.ActorId, entry.OrganisationId).ShouldBe((_pages.World.Owner.Id, _pages.World.Acme.Id));
    }

    [Fact]
    public async Task A_mail_address_that_is_none_is_said_beside_its_field()
    {
        var page = Settings(_pages.World.Owner);
        await page.DoAsync("#field-billingEmail", element => element.ChangeAsync("nowhere"));

        await page.DoAsync("form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find("#field-billingEmail-error"));
        page.Find("#field-billingEmail").GetAttribute("value").ShouldBe("nowhere");
    }

    [Fact]
    public void Who_may_not_change_the_details_reads_them()
    {
        var page = Settings(_pages.World.Billing);

        page.WaitForAssertion(() => page.Find("dl").TextContent.ShouldContain("billing@acme.example.com"));
        page.FindAll("form").ShouldBeEmpty();
    }

    private static AngleSharp.Dom.IElement Cost(IRenderedComponent<CustomerOverview> page) => page.FindAll(".figure").Single(figure => figure.TextContent.Contains("November 2026 so far"));

    private IRenderedComponent<CustomerOverview> Customer(User person)
    {
        _pages.As(person, $"/o/{_pages.World.Acme.Id}");
        return _pages.Open<CustomerOverview>(it => it.Add(x => x.OrganisationId, _pages.World.Acme.Id));
    }

    private IRenderedComponent<SettingsPage> Settings(User person)
    {
        _pages.As(person, $"/o/{_pages.World.Acme.Id}/settings");
        return _pages.Open<SettingsPage>(it => it.Add(x => x.OrganisationId, _pages.World.Acme.Id));
    }

    private async Task RenameAsync(string table, string name)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(_pages.World.ConnectionString);
        await using var command = source.CreateCommand($"ALTER TABLE {table} RENAME TO {name}");
        await command.ExecuteNonQueryAsync();
    }

    // Of ten in the morning in India.
    private async Task UsageAsync(Guid organisation, Guid project, DateOnly day, decimal value, long events, string metric = "api_calls")
    {
        var at = new DateTimeOffset(day, new TimeOnly(10, 0), TimeSpan.FromHours(5.5)).ToUniversalTime();
        await _pages.World.ExecuteAsync($"INSERT INTO usage_buckets VALUES ({organisation}, {at}, {project}, {metric}, 'calls', {value}, {events})");
        await _pages.World.ExecuteAsync($"INSERT INTO usage_days VALUES ({organisation}, {day}, {project}, {metric}, 'calls', {value}, {events}, {Guid.Empty})");
        await _pages.World.ExecuteAsync(
            $"""
            INSERT INTO usage_aggregates AS a (organisation_id, project_id, metric_name, unit, year, month, total_value, event_count, updated_at)
            VALUES ({organisation}, {project}, {metric}, 'calls', {day.Year}, {day.Month}, {value}, {events}, now())
            ON CONFLICT (organisation_id, year, month, project_id, metric_name, unit) DO UPDATE SET total_value = a.total_value + excluded.total_value, event_count = a.event_count + excluded.event_count
            """);
    }

    private async Task PriceAsync(decimal price) =>
        (await _pages.Get<CreatePrice>().RunAsync(_pages.World.Staff, new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "standard", Price = price, EffectiveFrom = new DateOnly(2026, 1, 1) }, default)).Failures.ShouldBeEmpty();
}
