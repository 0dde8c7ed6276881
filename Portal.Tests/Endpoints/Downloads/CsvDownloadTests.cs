using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Analytics;
using Portal.Core.Discounts;
using Portal.Core.Emails;
using Portal.Core.Invoicing;
using Portal.Core.Ledger;
using Portal.Core.Metering;
using Portal.Core.Outbox;
using Portal.Core.Payments;
using Portal.Core.Plans;
using Portal.Core.PrepaidCredits;
using Portal.Core.Pricing;
using Portal.Core.Simulations;
using Portal.Data.Credits;
using Portal.Data.Simulations;
using Portal.Endpoints.Downloads;
using Portal.Tests.Data.Payments;
using Portal.Tests.Endpoints.Access;

namespace Portal.Tests.Endpoints.Downloads;

/// <summary>Files of analytics, simulations and late usage, as a browser gets them: what is in them, what a spreadsheet makes of it, and who is refused.</summary>
public sealed class CsvDownloadTests : IAsyncLifetime
{
    private AccessHost _host = null!;
    private TestBrowser _viewer = null!;

    public async Task InitializeAsync()
    {
        _host = await AccessHost.StartAsync(
            services =>
            {
                var documents = new FakeDocuments();
                services.AddSimulations().AddSimulationData().AddCreditsData().AddPrepaidCredits().AddPaymentActions().AddMetering().AddDiscounts().AddLedger().AddOutboxActions()
                    .AddSingleton<IInvoiceFiles>(documents).AddSingleton<IInvoicePdf>(documents).AddSingleton<IPortalLinks, FakeLinks>();
            },
            app => app.MapDownloads());
        _viewer = await _host.SignedInAsync(_host.World.Viewer);
        // A name that a spreadsheet would take for a formula.
        await SqlAsync($"UPDATE organisations SET name = '=HYPERLINK(\"http://evil.example.com\")' WHERE id = '{_host.World.Acme.Id}'");
    }

    public async Task DisposeAsync()
    {
        _viewer.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Analytics_are_rows_by_month_and_currency()
    {
        await SubscribedAsync();

        var mrr = await RowsAsync("/admin/analytics/mrr.csv?months=2");
        mrr[0].ShouldBe("\"Month\",\"Currency\",\"Opening\",\"New\",\"Reactivation\",\"Expansion\",\"Contraction\",\"Churn\",\"Closing\"");
        mrr[^1].ShouldStartWith("\"2026-11\",\"INR\",\"0\",\"100");
        var revenue = await RowsAsync("/admin/analytics/revenue.csv?months=2&by=country");
        revenue[0].ShouldBe("\"Month\",\"Currency\",\"Country\",\"Revenue\"");
        (await RowsAsync("/admin/analytics/cohorts.csv"))[0].ShouldBe("\"First invoice\",\"Currency\",\"Customers\",\"Months since\",\"Retained\",\"Revenue\"");
    }

    [Fact]
    public async Task The_organisations_of_a_simulation_are_rows_and_a_formula_is_only_text()
    {
        var id = await SimulatedAsync();

        var rows = await RowsAsync($"/admin/simulations/{id}.csv");

        rows.Count.ShouldBe(2);
        rows[0].ShouldStartWith("\"Organisation\",\"State\",\"Currency\",\"Current\",\"Simulated\"");
        rows[1].ShouldStartWith("\"'=HYPERLINK(\"\"http://evil.example.com\"\")\",");
        rows[1].ShouldContain("\"INR\",\"0\",\"250.0\",\"250.0\"");
        rows[1].ShouldEndWith($"\"{_host.World.Acme.Id}\"");
        // Filtered as the page is, and searched.
        (await RowsAsync($"/admin/simulations/{id}.csv?change=less")).ShouldHaveSingleItem();
        (await RowsAsync($"/admin/simulations/{id}.csv?q=nobody")).ShouldHaveSingleItem();
        (await _viewer.GetAsync($"/admin/simulations/{Guid.Empty}.csv")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Late_usage_is_rows_with_what_becomes_of_them()
    {
        var world = _host.World;
        await PriceAsync();
        await UsageAsync(10, 5, "2026-10-31");
        await SqlAsync("""
            INSERT INTO billing_runs (id, year, month, state, auto_issue, remake, late_only, total, done, skipped, failed, issued, unpriced, attempts, started_by, created_at)
            VALUES (gen_random_uuid(), 2026, 10, 'completed', false, false, false, 0, 0, 0, 0, 0, 0, 1, 'test', '2026-11-02')
            """);

        var rows = await RowsAsync("/admin/usage/late.csv?state=waiting");

        rows.Count.ShouldBe(2);
        rows[1].ShouldStartWith("\"'=HYPERLINK(\"\"http://evil.example.com\"\")\",\"2026-10\",\"api_calls\",\"calls\",\"10\",\"5\",\"Next invoice\",\"20\",\"INR\"");
        rows[1].ShouldEndWith($"\"{world.Acme.Id}\"");
        (await RowsAsync("/admin/usage/late.csv?state=billed")).ShouldHaveSingleItem();
        (await RowsAsync($"/admin/usage/late.csv?organisation={world.Globex.Id}")).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("/admin/analytics/mrr.csv")]
    [InlineData("/admin/analytics/revenue.csv")]
    [InlineData("/admin/analytics/cohorts.csv")]
    [InlineData("/admin/simulations/01900000-0000-7000-8000-000000000099.csv")]
    [InlineData("/admin/usage/late.csv")]
    public async Task Nobody_but_staff_who_may_gets_a_file(string path)
    {
        using var owner = await _host.SignedInAsync(_host.World.Owner);
        using var stranger = _host.Browser();

        foreach (var browser in new[] { owner, stranger })
        {
            using var answer = await browser.GetAsync(path);
            ((int)answer.StatusCode).ShouldBeOneOf(302, 401, 403, 404);
            answer.Content.Headers.ContentType?.MediaType.ShouldNotBe("text/csv");
        }
    }

    [Fact]
    public async Task A_file_is_kept_by_no_cache_and_named()
    {
        using var answer = await _viewer.GetAsync("/admin/analytics/mrr.csv");

        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8");
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe("mrr.csv");
    }

    private async Task<IReadOnlyList<string>> RowsAsync(string path)
    {
        using var answer = await _viewer.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task SubscribedAsync()
    {
        var plan = (await Get<SavePlan>().CreateAsync(_host.World.Staff, new PlanInput { Code = "pro", Name = "Pro", PriceAmount = 1_200, Currency = "INR", Interval = "year" }, default)).Value;
        (await Get<StartSubscription>().RunAsync(_host.World.Staff, new StartSubscriptionRequest { OrganisationId = _host.World.Acme.Id, PlanId = plan.Id }, default)).Failures.ShouldBeEmpty();
        await Get<KeepMrr>().RunAsync(CallContext.System("keep", "Test."), default);
    }

    private async Task<Guid> SimulatedAsync()
    {
        await UsageAsync(100, 1, "2026-10-31");
        var draft = new SimulationDraft { Price = new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "standard", Price = 2.5m } };
        var id = (await Get<StartSimulation>().RunAsync(_host.World.Staff, new StartSimulationRequest { Months = 1, Draft = draft }, default)).Value.Id;
        (await Get<RunSimulation>().RunNextAsync(default)).ShouldBeTrue();
        return id;
    }

    private async Task PriceAsync() => (await Get<CreatePrice>().RunAsync(
        _host.World.Staff, new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "standard", Price = 2, EffectiveFrom = new DateOnly(2026, 1, 1) }, default)).Failures.ShouldBeEmpty();

    private Task UsageAsync(int quantity, int events, string at) => SqlAsync(
        $"INSERT INTO usage_aggregates (organisation_id, year, month, project_id, metric_name, unit, total_value, event_count, updated_at) VALUES ('{_host.World.Acme.Id}', 2026, 10, '{_host.World.AcmeProject.Id}', 'api_calls', 'calls', {quantity}, {events}, '{at}')");

    private T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    private async Task SqlAsync(string sql)
    {
        await using var command = _host.World.Get<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
