using Bunit;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Components.Customer.Settings;
using Portal.Core.Access;
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
    public async Task The_customer_s_front_page_has_this_month_s_sums_of_this_organisation_only()
    {
        await UsageAsync(_pages.World.Acme.Id, _pages.World.AcmeProject.Id, 11, 1250.5m, 40);
        await UsageAsync(_pages.World.Acme.Id, _pages.World.AcmeProject.Id, 10, 900m, 30);
        await UsageAsync(_pages.World.Globex.Id, _pages.World.GlobexProject.Id, 11, 777m, 7);

        var page = Customer(_pages.World.Owner);

        page.WaitForAssertion(() => page.FindAll("tbody tr td").Select(cell => cell.TextContent).ShouldBe(["api_calls", "1,250.5\u00A0calls", "900\u00A0calls", "40"]));
        page.FindAll(".figure-value").Select(figure => figure.TextContent.Trim()).ShouldBe(["Nothing", "40", "1"]);
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

        page.WaitForAssertion(() => page.FindAll(".figure-name").Count.ShouldBe(2));
        page.FindAll(".figure-name").Select(name => name.TextContent).ShouldNotContain("Projects");
    }

    [Fact]
    public void Who_has_no_part_in_it_sees_no_figure()
    {
        var page = Customer(_pages.World.Stranger);

        page.WaitForAssertion(() => page.Find(".empty").TextContent.ShouldContain("You are not allowed"));
        page.FindAll(".figure").ShouldBeEmpty();
    }

    [Fact]
    public async Task Staff_see_what_stands_and_what_waits()
    {
        await UsageAsync(_pages.World.Globex.Id, _pages.World.GlobexProject.Id, 11, 777m, 7);
        _pages.As(_pages.World.Admin, "/admin");

        var page = _pages.Open<AdminOverview>();

        page.WaitForAssertion(() => page.FindAll(".figure-value").Select(figure => figure.TextContent.Trim()).ShouldBe(["2", "2", "7", "None", "None"]));
        page.Find(".empty h2").TextContent.ShouldBe("Nothing waits");
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
        await page.WaitForElement("#field-billingEmail").ChangeAsync("accounts@acme.example.com");
        await page.WaitForElement("#field-address").ChangeAsync("2 Example Street");

        await page.WaitForElement("form").SubmitAsync();

        page.WaitForAssertion(() => _pages.Toasts.Current.ShouldHaveSingleItem());
        var acme = await _pages.World.ReadAsync(db => db.Organisations.SingleAsync(row => row.Id == _pages.World.Acme.Id));
        (acme.BillingEmail, acme.Address, acme.Name, acme.Currency, acme.TaxRate).ShouldBe(("accounts@acme.example.com", "2 Example Street", "Acme", "INR", 18m));
        page.FindAll("#field-name, #field-currency, #field-taxRate").ShouldBeEmpty();
        var entry = await _pages.World.ReadAsync(db => db.AuditLog.SingleAsync(row => row.Action == "organisation.changed"));
        (entry.ActorId, entry.OrganisationId).ShouldBe((_pages.World.Owner.Id, _pages.World.Acme.Id));
    }

    [Fact]
    public async Task A_mail_address_that_is_none_is_said_beside_its_field()
    {
        var page = Settings(_pages.World.Owner);
        await page.WaitForElement("#field-billingEmail").ChangeAsync("nowhere");

        await page.WaitForElement("form").SubmitAsync();

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

    private Task UsageAsync(Guid organisation, Guid project, int month, decimal value, long events) => _pages.World.ExecuteAsync(
        $"""
        INSERT INTO usage_aggregates (organisation_id, project_id, metric_name, unit, year, month, total_value, event_count, updated_at)
        VALUES ({organisation}, {project}, 'api_calls', 'calls', 2026, {month}, {value}, {events}, now())
        """);
}
