using AngleSharp.Dom;
using Bunit;
using Portal.Components.Admin.Metrics;
using Portal.Components.Admin.Organisations;
using Portal.Components.Admin.Usage;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Metrics;

[Covers(typeof(MetricsPage), typeof(MetricPage), typeof(EditMetricPage), typeof(UnpricedPage))]
public sealed class MetricPagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_was_sent_stands_in_the_catalogue_with_its_events_and_whether_it_is_priced()
    {
        await SendAsync(await _world.Billing.OrganisationAsync());

        var page = _world.Pages.Render<MetricsPage>();

        page.WaitForAssertion(() => page.Find("tbody tr").TextContent.ShouldContain("api_calls"));
        page.Find("tbody tr").TextContent.ShouldContain("Sum of values");
        page.Find("tbody tr").TextContent.ShouldContain("No price");
        // What everybody sent is summed once the page stands.
        page.WaitForAssertion(() => page.FindAll("tbody tr td").Select(cell => cell.TextContent.Trim()).ShouldContain("1"));
    }

    [Fact]
    public async Task A_measure_is_changed_with_its_property_and_shown_from_its_month_on()
    {
        await SendAsync(await _world.Billing.OrganisationAsync());
        var metric = (await _world.Get<ListMetrics>().RunAsync(_world.Billing.Staff, new ListRequest(), default)).Value.Items.Single();
        var edit = _world.Pages.Render<EditMetricPage>(parameters => parameters.Add(page => page.Id, metric.Id));
        edit.WaitForAssertion(() => edit.Find("#field-aggregation"));
        edit.FindAll("#field-property").ShouldBeEmpty();
        await edit.DoAsync("#field-aggregation", element => element.ChangeAsync("unique"));

        await edit.DoAsync("form.form", element => element.SubmitAsync());
        edit.WaitForAssertion(() => edit.Find("#field-property-error").TextContent.ShouldContain("metadata property"));
        await edit.DoAsync("#field-property", element => element.ChangeAsync("user_id"));
        (await _world.TwiceAsync(() => edit.Find("form.form"), "submit")).ShouldBe(1);

        edit.WaitForAssertion(() => _world.Navigation.Uri.ShouldEndWith($"/admin/metrics/{metric.Id}"));
        var page = _world.Pages.Render<MetricPage>(parameters => parameters.Add(one => one.Id, metric.Id));
        page.WaitForAssertion(() => page.Find("tbody tr").TextContent.ShouldContain("Distinct values of user_id"));
        page.Find("tbody tr").TextContent.ShouldContain("November 2026");
    }

    [Fact]
    public async Task A_metric_is_made_before_its_first_event()
    {
        var edit = _world.Pages.Render<EditMetricPage>();
        edit.WaitForAssertion(() => edit.Find("#field-name"));
        await edit.DoAsync("#field-name", element => element.ChangeAsync("seats"));
        await edit.DoAsync("#field-unit", element => element.ChangeAsync("seats"));
        await edit.DoAsync("#field-aggregation", element => element.ChangeAsync("max"));
        await edit.DoAsync("#field-rounding", element => element.ChangeAsync("up"));
        // A year back, this month, and a year ahead.
        edit.FindAll("#field-fromMonth option").Select(option => option.TextContent).ShouldSatisfyAllConditions(months => months.Count().ShouldBe(25), months => months.First().ShouldBe("November 2025"), months => months.Last().ShouldBe("November 2027"));
        edit.Find("#field-fromMonth").GetAttribute("value").ShouldBe("2026-11");

        await edit.DoAsync("form.form", element => element.SubmitAsync());

        edit.WaitForAssertion(() => _world.Navigation.Uri.ShouldContain("/admin/metrics/0"));
        (await _world.Get<ListMetrics>().RunAsync(_world.Billing.Staff, new ListRequest(), default)).Value.Items.Single().Rule.ShouldBe(new MetricRule(MetricAggregation.Max, null, QuantityRounding.Up));
    }

    [Fact]
    public async Task Unpriced_usage_leads_to_a_price_that_is_filled_in()
    {
        await SendAsync(await _world.Billing.OrganisationAsync());

        var page = _world.Pages.Render<UnpricedPage>();

        page.WaitForAssertion(() => page.FindAll("tbody a").Select(link => link.GetAttribute("href")).ShouldContain("/admin/prices/new?metric=api_calls&unit=calls&day=2026-11-01"));
        await _world.Billing.PriceAsync("api_calls", 1);
        var priced = _world.Pages.Render<UnpricedPage>();
        priced.WaitForAssertion(() => priced.Find(".empty h2").TextContent.ShouldBe("All usage is priced"));
    }

    [Fact]
    public async Task Who_may_not_change_prices_is_offered_no_change()
    {
        await SendAsync(await _world.Billing.OrganisationAsync());
        await _world.BecomeAsync(SystemRoles.Viewer);

        var page = _world.Pages.Render<UnpricedPage>();

        page.WaitForAssertion(() => page.Find("tbody tr").TextContent.ShouldContain("api_calls"));
        page.FindAll("a[href^='/admin/prices/new']").ShouldBeEmpty();
    }

    [Fact]
    public async Task Late_usage_shows_its_difference_and_is_written_off_once_with_a_reason()
    {
        var organisation = await LateAsync();
        var panel = Panel(organisation);
        panel.WaitForAssertion(() => panel.Find("tbody tr").TextContent.ShouldContain("₹25.00"));
        panel.Find("caption").TextContent.ShouldBe("October 2026");
        panel.WaitForAssertion(() => Button(panel, "Write off"));
        await panel.DoAsync(() => Button(panel, "Write off"), element => element.ClickAsync(new()));
        await panel.DoAsync("dialog form", element => element.SubmitAsync());
        panel.WaitForAssertion(() => panel.Find("#field-reason-error").TextContent.ShouldContain("1 to 500"));
        await panel.DoAsync("#field-reason", element => element.ChangeAsync("A goodwill gesture"));

        (await _world.TwiceAsync(() => panel.Find("dialog form"), "submit")).ShouldBe(1);

        panel.WaitForAssertion(() => panel.Markup.ShouldContain("No late usage"));
        (await _world.Billing.ScalarAsync<string>("SELECT reason || ' ' || round(amount, 2) FROM late_usage_write_offs")).ShouldBe("A goodwill gesture 25.00");
    }

    [Fact]
    public async Task Late_usage_is_billed_at_once_on_an_invoice_of_its_own()
    {
        var organisation = await LateAsync();
        var panel = Panel(organisation);
        panel.WaitForAssertion(() => Button(panel, "Bill now"));
        await panel.DoAsync(() => Button(panel, "Bill now"), element => element.ClickAsync(new()));

        (await _world.TwiceAsync(() => Button(panel, "Bill late usage", "dialog"))).ShouldBe(1);

        panel.WaitForAssertion(() => _world.Navigation.Uri.ShouldContain("/admin/billing/runs/"));
        await _world.Billing.WorkAsync();
        (await _world.Billing.InvoicesAsync(organisation.Id)).Select(invoice => (invoice.Month, invoice.Supplement, invoice.Subtotal)).ShouldBe([(10, 0, 100m), (11, 1, 25m)]);
    }

    [Fact]
    public async Task Lists_of_organisations_and_projects_show_the_course_of_thirty_days()
    {
        var (busy, quiet) = (await _world.Billing.OrganisationAsync(), await _world.Billing.OrganisationAsync());
        var (first, second) = (await _world.Billing.ProjectAsync(busy.Id, "First"), await _world.Billing.ProjectAsync(busy.Id, "Second"));
        // The clock stands at noon of 3 November in India: the oldest day that counts is 5 October there.
        foreach (var (project, at) in new[] { (first, new DateTimeOffset(2026, 10, 4, 19, 0, 0, TimeSpan.Zero)), (first, new DateTimeOffset(2026, 11, 2, 20, 0, 0, TimeSpan.Zero)), (second, new DateTimeOffset(2026, 11, 3, 1, 0, 0, TimeSpan.Zero)), (first, new DateTimeOffset(2026, 10, 4, 18, 0, 0, TimeSpan.Zero)) })
            await _world.SendAsync(busy, project, at, 25);

        var rows = (await _world.Get<ListOrganisations>().RunAsync(_world.Billing.Staff, new ListRequest(), default, withUsage: true)).Value.Items.ToDictionary(row => row.Id, row => row.Usage!);
        (rows[busy.Id].Count, rows[busy.Id][0], rows[busy.Id][^1], rows[busy.Id].Sum()).ShouldBe((30, 1m, 2m, 3m));
        rows[quiet.Id].ShouldAllBe(day => day == 0);
        (await _world.Get<ListOrganisations>().RunAsync(_world.Billing.Staff, new ListRequest(), default)).Value.Items.ShouldAllBe(row => row.Usage == null);
        (await _world.Get<ListOrganisations>().RunAsync(_world.Billing.Staff with { Permissions = new HashSet<string> { Permissions.OrganisationsRead } }, new ListRequest(), default, withUsage: true)).Value.Items.ShouldAllBe(row => row.Usage == null);
        var projects = (await _world.Get<Portal.Core.Projects.ListProjects>().RunAsync(_world.Billing.Customer(busy.Id), busy.Id, new ListRequest(), default, withUsage: true)).Value.Items.ToDictionary(row => row.Id, row => row.Usage!);
        (projects[first][0], projects[first][^1], projects[second].Sum()).ShouldBe((1m, 1m, 1m));
        var page = _world.Pages.Render<OrganisationsPage>();
        await page.WaitForAssertionAsync(() => page.FindAll("tbody tr").Count.ShouldBe(2));
        page.Find("tbody svg.spark").GetAttribute("aria-label").ShouldBe("Events each day of the last 30 days: from 1 to 2, at most 2");
        page.FindAll("tbody svg.spark").Count.ShouldBe(1);
        page.FindAll(".column-choice").Select(choice => choice.TextContent).ShouldContain("Usage, 30 days");
    }

    private async Task<Organisation> LateAsync()
    {
        var books = await Books.KeepAsync(_world);
        var project = await _world.Billing.ScalarAsync<Guid>("SELECT id FROM projects WHERE organisation_id = $1", books.Customer.Id);
        await _world.SendAsync(books.Customer, project, new DateTimeOffset(2026, 10, 21, 6, 0, 0, TimeSpan.Zero), 25);
        return books.Customer;
    }

    private IRenderedComponent<OrganisationUnbilled> Panel(Organisation organisation) => _world.Pages.Render<OrganisationUnbilled>(parameters => parameters
        .Add(panel => panel.OrganisationId, organisation.Id)
        .Add(panel => panel.Call, cancellation => _world.Calls.ForStaffAsync(cancellation)));

    private async Task SendAsync(Organisation organisation) =>
        await _world.SendAsync(organisation, await _world.Billing.ProjectAsync(organisation.Id), new DateTimeOffset(2026, 11, 2, 6, 0, 0, TimeSpan.Zero), 25);

    private static IElement Button<T>(IRenderedComponent<T> page, string text, string within = "")
        where T : Microsoft.AspNetCore.Components.IComponent => page.FindAll($"{within} button").Single(button => button.TextContent.Trim() == text);
}
