using Bunit;
using Portal.Changes;
using Portal.Components.Admin.BillingRuns;
using Portal.Components.Shared;
using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Kernel;
using Portal.Tests.Components.Support;
using Portal.Tests.Data.BillingRuns;

namespace Portal.Tests.Components.BillingRuns;

[Covers(typeof(BillingRunsPage), typeof(BillingRunPage), typeof(NewBillingRunPage))]
public sealed class BillingRunPagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Before_the_first_run_the_list_offers_it()
    {
        var page = _world.Open<BillingRunsPage>("/admin/billing/runs");

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No billing runs yet"));
        page.WaitForElement(".empty a").GetAttribute("href").ShouldBe("/admin/billing/runs/new");
    }

    [Fact]
    public async Task The_list_counts_what_each_run_made_and_what_needs_a_person()
    {
        await _world.Billing.PriceAsync("api_calls", 1);
        await _world.Billing.BillableAsync();
        await _world.Billing.BillableAsync("never_priced");
        var run = await _world.Billing.RunAsync(BillingWorld.October);

        var page = _world.Open<BillingRunsPage>("/admin/billing/runs");

        await page.WaitForAssertionAsync(() => page.FindAll("tbody tr.linked").ShouldHaveSingleItem());
        page.Find(".row-link").GetAttribute("href").ShouldBe($"/admin/billing/runs/{run.Id}");
        page.Rows("Billing runs").Single()[..7].ShouldBe(["October 2026", "Completed", "All organisations", "1", "0", "0", "1"]);
    }

    [Fact]
    public async Task The_list_changes_by_itself_when_a_run_moves_on()
    {
        await _world.Billing.PriceAsync("api_calls", 1);
        await _world.Billing.BillableAsync();
        var id = await _world.Billing.QueueAsync(BillingWorld.October);
        var page = _world.Open<BillingRunsPage>("/admin/billing/runs");
        await page.WaitForAssertionAsync(() => page.Rows("Billing runs").Single()[1].ShouldBe("Queued"));

        await _world.Billing.WorkAsync();
        _world.Changes.Say(ChangeKinds.BillingRun, id);

        await page.WaitForAssertionAsync(() => page.Rows("Billing runs").Single()[1].ShouldBe("Completed"));
    }

    [Fact]
    public async Task Who_reads_only_sees_runs_and_is_offered_none()
    {
        await _world.BecomeAsync(SystemRoles.Viewer);
        var run = await _world.Billing.RunAsync(BillingWorld.October);

        var list = _world.Open<BillingRunsPage>("/admin/billing/runs");
        await list.WaitForAssertionAsync(() => list.FindAll("tbody tr.linked").ShouldHaveSingleItem());
        list.FindAll("a[href='/admin/billing/runs/new']").ShouldBeEmpty();

        var one = Run(run.Id);
        await one.WaitForAssertionAsync(() => one.Find("h1").TextContent.ShouldBe("Billing run for October 2026"));
        one.Buttons("Run again").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_is_asked_for_by_a_double_click_is_started_once()
    {
        var page = _world.Open<NewBillingRunPage>("/admin/billing/runs/new");
        await page.WaitForAssertionAsync(() => page.Find("#field-month").GetAttribute("value").ShouldBe("2026-10"));

        (await _world.TwiceAsync(() => page.Find("form.form"), "submit")).ShouldBe(1);

        var run = (await RunsAsync()).ShouldHaveSingleItem();
        run.Month.ShouldBe(BillingWorld.October);
        await page.WaitForAssertionAsync(() => _world.Navigation.Uri.ShouldEndWith($"/admin/billing/runs/{run.Id}"));
    }

    [Fact]
    public async Task A_month_that_has_not_ended_is_refused_beside_its_field_and_stays_chosen()
    {
        var page = _world.Open<NewBillingRunPage>("/admin/billing/runs/new?month=2026-11");
        await page.WaitForAssertionAsync(() => page.Find("#field-month").GetAttribute("value").ShouldBe("2026-11"));

        await page.DoAsync("form.form", element => element.SubmitAsync());

        await page.WaitForAssertionAsync(() => page.Find("#field-month-error").TextContent.ShouldContain("This month has not ended yet."));
        page.Find("#field-month").GetAttribute("value").ShouldBe("2026-11");
        (await RunsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_may_not_start_runs_is_refused_where_they_are()
    {
        await _world.BecomeAsync(SystemRoles.Viewer);
        var page = _world.Open<NewBillingRunPage>("/admin/billing/runs/new");

        await page.DoAsync("form.form", element => element.SubmitAsync());

        await page.WaitForAssertionAsync(() => page.Find("[role=alert]").TextContent.ShouldContain("You don't have permission to do this."));
        (await RunsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_is_watched_from_its_waiting_to_its_drafts()
    {
        await _world.Billing.PriceAsync("api_calls", 1);
        await _world.Billing.BillableAsync();
        var id = await _world.Billing.QueueAsync(BillingWorld.October);
        var page = Run(id);
        await page.WaitForAssertionAsync(() => page.Find(".card h2").TextContent.ShouldBe("Waiting for a worker"));
        page.Buttons("View drafts").ShouldBeEmpty();

        await ProgressAsync(id, done: 30, failed: 2, total: 120);
        await page.WaitForAssertionAsync(() => page.Find(".card h2").TextContent.ShouldBe("Creating invoices"));
        (page.Find("progress").GetAttribute("value"), page.Find("progress").GetAttribute("max")).ShouldBe(("32", "120"));
        page.Find(".progress-counts").TextContent.ShouldContain("2 failed");
        await _world.Billing.SqlAsync("UPDATE billing_runs SET state = 'queued', done = 0, failed = 0, total = 0, started_at = NULL WHERE id = $1", id);
        await _world.Billing.WorkAsync();
        _world.Changes.Say(ChangeKinds.BillingRun, id);

        await page.WaitForAssertionAsync(() => page.FindAll("progress").ShouldBeEmpty());
        page.Buttons("View drafts").Single().GetAttribute("href").ShouldBe($"/admin/billing/invoices?run={id}&status=draft");
        await page.WaitForAssertionAsync(() => page.Rows("Organisations").Single()[1].ShouldBe("Invoiced"));
        page.Find("tbody .row-link").GetAttribute("href").ShouldBe($"/admin/billing/invoices/{(await _world.Billing.InvoicesAsync()).Single().Id}");
    }

    [Fact]
    public async Task A_run_that_ends_with_unpriced_usage_shows_it_to_who_watches()
    {
        await _world.Billing.PriceAsync("api_calls", 1);
        await _world.Billing.BillableAsync();
        await _world.Billing.BillableAsync("never_priced");
        var id = await _world.Billing.QueueAsync(BillingWorld.October);
        var page = Run(id);
        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No invoices created"));

        await _world.Billing.WorkAsync();
        _world.Changes.Say(ChangeKinds.BillingRun, id);

        await page.WaitForAssertionAsync(() => page.Rows("Unpriced usage").Single()[0].ShouldBe("never_priced"));
        page.FindAll("[role=alert]").ShouldBeEmpty();
        page.Find("nav.tabs [aria-current=page]").TextContent.ShouldStartWith("Unpriced usage");
    }

    [Fact]
    public async Task Another_list_of_a_run_that_goes_on_stays_while_it_goes_on()
    {
        var id = await _world.Billing.QueueAsync(BillingWorld.October);
        await ProgressAsync(id, done: 1, failed: 0, total: 120);
        var page = Run(id);
        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No invoices created"));
        _world.Navigation.NavigateTo(page.FindAll("nav.tabs a").Single(tab => tab.TextContent.StartsWith("Unpriced", StringComparison.Ordinal)).GetAttribute("href")!);
        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("All usage is priced"));

        await ProgressAsync(id, done: 60, failed: 0, total: 120);

        await page.WaitForAssertionAsync(() => page.Find("progress").GetAttribute("value").ShouldBe("60"));
        // The lists are read after it; a second look comes after that.
        await ProgressAsync(id, done: 61, failed: 0, total: 120);
        await page.WaitForAssertionAsync(() => page.Find("progress").GetAttribute("value").ShouldBe("61"));
        page.FindAll("[role=alert]").ShouldBeEmpty();
        page.Find(".empty h2").TextContent.ShouldBe("All usage is priced");
    }

    [Fact]
    public async Task What_failed_is_shown_first_with_its_reason_and_can_be_run_again()
    {
        await _world.Billing.PriceAsync("api_calls", 1);
        var organisation = await _world.Billing.BillableAsync();
        var run = await _world.Billing.RunAsync(BillingWorld.October);
        await _world.Billing.SqlAsync("UPDATE billing_run_items SET state = 'failed', reason = 'Its tax has no rate.', invoice_id = NULL WHERE billing_run_id = $1", run.Id);
        await _world.Billing.SqlAsync("UPDATE billing_runs SET done = 0, failed = 1 WHERE id = $1", run.Id);

        var page = Run(run.Id);

        await page.WaitForAssertionAsync(() => page.Rows("Organisations").Single()[1..].ShouldBe(["Failed", "Its tax has no rate."]));
        page.Find("tbody .row-link").GetAttribute("href").ShouldBe($"/admin/organisations/{organisation}");
        (await page.ButtonAsync("Run again")).GetAttribute("href").ShouldBe("/admin/billing/runs/new?month=2026-10");
    }

    [Fact]
    public void A_run_that_is_not_there_is_the_page_for_that()
    {
        var asked = false;
        _world.Navigation.OnNotFound += (_, _) => asked = true;

        Run(Guid.CreateVersion7(_world.Billing.Clock.Now)).WaitForAssertion(() => asked.ShouldBeTrue());
    }

    private IRenderedComponent<PageBoundary> Run(Guid id) => _world.Open<BillingRunPage>($"/admin/billing/runs/{id}", page => page.Add(run => run.Id, id));

    private Task ProgressAsync(Guid id, int done, int failed, int total) => _world.Billing.SqlAsync(
        "UPDATE billing_runs SET state = 'running', done = $2, failed = $3, total = $4, started_at = $5 WHERE id = $1", id, done, failed, total, _world.Billing.Clock.Now.AddSeconds(-8));

    private async Task<IReadOnlyList<BillingRunDetails>> RunsAsync() =>
        (await _world.Billing.Get<ListBillingRuns>().RunAsync(_world.Billing.Staff, new BillingRunFilter(), new ListRequest(), default)).Value.Items;
}
