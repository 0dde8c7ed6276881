using Bunit;
using Portal.Components.Customer.Usage;
using Portal.Core.Organisations;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Usage;

[Covers(typeof(UsagePage), typeof(UsageEventPage), typeof(Portal.Components.Admin.Usage.UsagePage), typeof(Portal.Components.Admin.Usage.UsageEventPage))]
public sealed class UsagePageTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();
    private Organisation _organisation = null!;
    private Guid _project;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _organisation = await _world.Billing.OrganisationAsync();
        _project = await _world.Billing.ProjectAsync(_organisation.Id, "Shop");
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_skeleton_stands_in_until_the_answer_is_there()
    {
        await SendAsync("2026-11-02T10:00:00Z", 3);
        _world.Store.Hold();

        var page = Open();

        page.Find("[aria-busy=true] .skeleton");
        page.Find("[role=status]").TextContent.ShouldContain("Loading");
        _world.Store.LetGo();
        page.WaitForAssertion(() => page.FindAll(".skeleton").ShouldBeEmpty());
        page.FindAll("table").ShouldNotBeEmpty();
    }

    [Fact]
    public void An_organisation_that_never_sent_anything_is_offered_a_ready_request()
    {
        var page = Open();

        page.WaitForAssertion(() => page.Find(".empty h2").TextContent.ShouldBe("No usage yet"));
        page.Find("pre").TextContent.ShouldContain("api/v1/ingest");
        page.Find(".empty a.button").GetAttribute("href").ShouldBe($"/o/{_organisation.Id}/projects");
    }

    [Fact]
    public async Task Totals_the_chart_as_a_table_and_the_events_are_shown()
    {
        await SendAsync("2026-11-02T10:00:00Z", 1250, key: "order-1");

        var page = Open();

        page.WaitForAssertion(() => page.FindAll("#events tbody tr").Count.ShouldBe(1));
        page.Rows("Totals by metric").Single()[..2].ShouldBe(["api_calls", "1,250\u00A0calls"]);
        page.FindAll(".chart table tbody tr").Count.ShouldBe(30);
        page.Find("#events .row-link").TextContent.ShouldBe("2 Nov 2026, 3:30\u00A0pm");
        page.Find("#events .clip").TextContent.ShouldBe("order-1");
    }

    [Fact]
    public async Task A_month_without_usage_says_so_and_another_month_is_a_step_away()
    {
        await SendAsync("2026-10-02T10:00:00Z", 7);
        var page = Open();
        page.WaitForAssertion(() => page.Find(".pager, .empty"));
        page.Markup.ShouldContain("Nothing was received for this month");

        _world.Navigation.NavigateTo(page.Find("a[aria-label^='Month before']").GetAttribute("href")!);

        page.WaitForAssertion(() => page.Rows("Totals by metric").Single()[1].ShouldBe("7\u00A0calls"));
        _world.Navigation.Uri.ShouldEndWith("month=2026-10");
    }

    [Fact]
    public async Task Older_events_are_a_step_away_and_the_way_back_too()
    {
        for (var index = 0; index < 27; index++)
        {
            await SendAsync("2026-11-02T10:00:00Z", index);
            _world.Billing.Clock.Now += TimeSpan.FromSeconds(1);
        }

        var page = Open();
        page.WaitForAssertion(() => page.FindAll("#events tbody tr").Count.ShouldBe(25));

        _world.Navigation.NavigateTo(page.Find("#events a[rel=next]").GetAttribute("href")!);

        page.WaitForAssertion(() => page.FindAll("#events tbody tr").Count.ShouldBe(2));
        page.Find("#events .pager").TextContent.ShouldContain("2 older events");
        _world.Navigation.NavigateTo(page.Find("#events .pager a").GetAttribute("href")!);
        page.WaitForAssertion(() => page.FindAll("#events tbody tr").Count.ShouldBe(25));
    }

    [Fact]
    public async Task A_search_finds_the_event_of_a_key_or_says_that_there_is_none()
    {
        await SendAsync("2026-11-02T10:00:00Z", 1, key: "order-1");
        await SendAsync("2026-11-02T10:00:00Z", 2, key: "order-2");
        var page = Open();
        page.WaitForAssertion(() => page.FindAll("#events tbody tr").Count.ShouldBe(2));

        await page.DoAsync("#events input[type=search]", element => element.ChangeAsync("order-2"));
        await page.DoAsync("#events form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.FindAll("#events tbody tr").Count.ShouldBe(1));
        _world.Navigation.Uri.ShouldContain("q=order-2");
        await page.DoAsync("#events input[type=search]", element => element.ChangeAsync("order"));
        await page.DoAsync("#events form", element => element.SubmitAsync());
        page.WaitForAssertion(() => page.Find("#events .empty h2").TextContent.ShouldBe("Event not found"));
    }

    [Fact]
    public void Whoever_may_not_see_usage_is_told_so()
    {
        _world.Calls.Permissions = new HashSet<string>();

        var page = Open();

        page.WaitForAssertion(() => page.Markup.ShouldContain("You don't have access"));
        page.FindAll("table").ShouldBeEmpty();
    }

    [Fact]
    public void Another_organisations_usage_is_not_there()
    {
        var page = _world.Pages.Render<UsagePage>(parameters => parameters.Add(usage => usage.OrganisationId, Guid.CreateVersion7(_world.Billing.Clock.Now)));

        page.WaitForAssertion(() => page.Markup.ShouldContain("Organisation not found."));
    }

    [Fact]
    public async Task What_a_sender_put_into_metadata_stays_text()
    {
        await SendAsync("2026-11-02T10:00:00Z", 1, metadata: """{"note":"<img src=x onerror=alert(1)>"}""");
        var list = Open();
        list.WaitForAssertion(() => list.FindAll("#events tbody tr").Count.ShouldBe(1));
        var id = Guid.Parse(list.Find("#events .row-link").GetAttribute("href")!.Split('/')[^1]);

        var page = _world.Pages.Render<UsageEventPage>(parameters => parameters.Add(found => found.OrganisationId, _organisation.Id).Add(found => found.EventId, id));

        page.WaitForAssertion(() => page.Find("pre").TextContent.ShouldContain("<img src=x onerror=alert(1)>"));
        page.FindAll("img").ShouldBeEmpty();
        page.Find(".facts").TextContent.ShouldContain("November 2026");
    }

    [Fact]
    public async Task Staff_see_the_platform_s_usage_and_choose_an_organisation()
    {
        await SendAsync("2026-11-02T10:00:00Z", 5);
        await SendAsync("2026-10-02T10:00:00Z", 5);
        var page = _world.Pages.Render<Portal.Components.Admin.Usage.UsagePage>();
        page.WaitForAssertion(() => page.FindAll("tbody tr.linked").Count.ShouldBe(1));
        page.WaitForAssertion(() => page.FindAll(".figure-value").Select(figure => figure.TextContent.Trim()).ShouldBe(["1", "1", "1"]));
        page.Rows("Usage by organisation").Single()[2..].ShouldBe(["1", "1", "No change"]);
        page.FindAll(".chart tbody tr").Count.ShouldBe(30);
        page.Find("tbody tr.linked .spark").GetAttribute("aria-label")!.ShouldContain("events each day");

        _world.Navigation.NavigateTo(page.Find(".row-link").GetAttribute("href")!);

        page.WaitForAssertion(() => page.Find("h1").TextContent.ShouldBe(_organisation.Name));
        page.WaitForAssertion(() => page.Rows("Totals by metric").Single()[1].ShouldBe("5\u00A0calls"));
    }

    [Fact]
    public async Task Staff_see_one_event_too()
    {
        await SendAsync("2026-11-02T10:00:00Z", 5, key: "order-1");
        var list = Open();
        list.WaitForAssertion(() => list.FindAll("#events tbody tr").Count.ShouldBe(1));
        var id = Guid.Parse(list.Find("#events .row-link").GetAttribute("href")!.Split('/')[^1]);

        var page = _world.Pages.Render<Portal.Components.Admin.Usage.UsageEventPage>(parameters => parameters.Add(found => found.OrganisationId, _organisation.Id).Add(found => found.EventId, id));

        page.WaitForAssertion(() => page.Find(".facts").TextContent.ShouldContain("order-1"));
        page.Find(".crumbs a[href='/admin/usage']");
    }

    [Fact]
    public async Task A_day_is_opened_by_its_hours_and_an_hour_by_its_events()
    {
        await SendAsync("2026-11-02T10:00:00Z", 3);
        await SendAsync("2026-11-02T12:00:00Z", 4);
        var page = Open();
        page.WaitForAssertion(() => page.FindAll(".chart table tbody tr").Count.ShouldBe(30));

        _world.Navigation.NavigateTo(page.Find(".chart table tbody tr:nth-child(2) a").GetAttribute("href")!);
        page.WaitForAssertion(() => page.FindAll(".chart table tbody tr").Count.ShouldBe(24));
        page.FindAll(".chart table tbody tr")[15].TextContent.ShouldContain("3\u00A0calls");
        page.WaitForAssertion(() => page.FindAll("#events tbody tr").Count.ShouldBe(2));
        _world.Navigation.NavigateTo(page.FindAll(".chart table tbody tr")[15].QuerySelector("a")!.GetAttribute("href")!);

        page.WaitForAssertion(() => page.FindAll("#events tbody tr").Count.ShouldBe(1));
        page.Find("#events a.button").TextContent.ShouldStartWith("15:00 to 16:00");
        page.Find("#events a[download]").GetAttribute("href").ShouldBe($"/o/{_organisation.Id}/usage/events.csv?day=2026-11-02&hour=2026-11-02T09%3A30Z&month=2026-11");
    }

    [Fact]
    public async Task The_chart_is_cut_by_project_and_compared_with_what_is_chosen()
    {
        var other = await _world.Billing.ProjectAsync(_organisation.Id, "App");
        await SendAsync("2026-11-02T10:00:00Z", 3);
        await _world.SendAsync(_organisation, other, DateTimeOffset.Parse("2026-11-02T10:00:00Z"), 9);
        await SendAsync("2026-10-02T10:00:00Z", 5);
        var page = Open();
        page.WaitForAssertion(() => page.FindAll(".chart-legend li").Select(entry => entry.TextContent).ShouldBe(["api_calls", "October 2026"]));
        page.Rows("Usage by project in calls").Select(row => row[0]).ShouldBe(["App", "Shop"]);

        _world.Navigation.NavigateTo(page.FindAll(".switch a").Single(link => link.TextContent == "Project").GetAttribute("href")!);
        page.WaitForAssertion(() => page.FindAll(".chart-legend li").Select(entry => entry.TextContent).ShouldBe(["App", "Shop", "October 2026"]));
        await page.DoAsync("select[aria-label='Compare with']", element => element.ChangeAsync("nothing"));

        page.WaitForAssertion(() => page.FindAll(".chart-legend li").Select(entry => entry.TextContent).ShouldBe(["App", "Shop"]));
        _world.Navigation.Uri.ShouldEndWith("?by=project&compare=nothing");
    }

    [Fact]
    public async Task The_chart_is_cut_by_key_and_a_key_leads_to_its_events()
    {
        await SendAsync("2026-11-02T10:00:00Z", 3);
        await SendAsync("2026-11-03T10:00:00Z", 4);
        var page = Open();
        page.WaitForAssertion(() => page.FindAll("#events tbody tr").Count.ShouldBe(2));

        _world.Navigation.NavigateTo(page.FindAll(".switch a").Single(link => link.TextContent == "API key").GetAttribute("href")!);
        page.WaitForAssertion(() => page.Rows("Usage by API key in calls").Count.ShouldBeGreaterThan(0));
        var shown = page.Rows("Usage by API key in calls");
        _world.Navigation.NavigateTo(page.FindAll("table.bars a.row-link").First(link => link.GetAttribute("href")!.Contains("key=", StringComparison.Ordinal)).GetAttribute("href")!);

        page.WaitForAssertion(() => page.FindAll("#events tbody tr").Count.ShouldBe(shown.Count == 1 ? 2 : 1));
        page.Find("#events").TextContent.ShouldContain("One API key");
    }

    [Fact]
    public async Task Events_are_found_by_their_metadata_and_a_mistake_is_said_beside_the_field()
    {
        await SendAsync("2026-11-02T10:00:00Z", 1, metadata: """{"region":"eu"}""");
        await SendAsync("2026-11-02T10:00:00Z", 2, metadata: """{"region":"us"}""");
        var page = Open();
        page.WaitForAssertion(() => page.FindAll("#events tbody tr").Count.ShouldBe(2));

        await page.DoAsync("#events input[name=meta]", element => element.ChangeAsync("region"));
        await page.PressAsync("Find", "#events");
        page.Find("#events .error").TextContent.ShouldContain("region=eu");
        await page.DoAsync("#events input[name=meta]", element => element.ChangeAsync("region=us"));
        await page.PressAsync("Find", "#events");

        page.WaitForAssertion(() => page.FindAll("#events tbody tr").Count.ShouldBe(1));
        page.Find("#events tbody td.end").TextContent.ShouldBe("2\u00A0calls");
        page.FindAll("#events .error").ShouldBeEmpty();
        _world.Navigation.Uri.ShouldEndWith("meta=region%3Dus");
    }

    [Fact]
    public async Task An_event_tells_what_became_of_it()
    {
        await SendAsync("2026-11-02T10:00:00Z", 5);
        var list = Open();
        list.WaitForAssertion(() => list.FindAll("#events tbody tr").Count.ShouldBe(1));
        var id = Guid.Parse(list.Find("#events .row-link").GetAttribute("href")!.Split('/')[^1]);

        var page = _world.Pages.Render<UsageEventPage>(parameters => parameters.Add(found => found.OrganisationId, _organisation.Id).Add(found => found.EventId, id));

        page.WaitForAssertion(() => page.FindAll(".timeline-title").Select(step => step.TextContent.Trim()).ShouldBe(["Received and stored", "Counted in its 15-minute window", "Counted in November 2026", "Not on an invoice yet"]));
        page.Find(".timeline-note").TextContent.ShouldContain("20 hours after it happened");
    }

    private IRenderedComponent<UsagePage> Open() => _world.Pages.Render<UsagePage>(parameters => parameters.Add(page => page.OrganisationId, _organisation.Id));

    private Task SendAsync(string at, decimal value, string? key = null, string? metadata = null) =>
        _world.SendAsync(_organisation, _project, DateTimeOffset.Parse(at), value, key: key, metadata: metadata);
}
