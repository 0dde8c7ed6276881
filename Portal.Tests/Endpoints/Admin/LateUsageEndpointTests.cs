using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.BillingRuns;
using Portal.Core.Pricing;
using Portal.Endpoints.Admin;

namespace Portal.Tests.Endpoints.Admin;

/// <summary>Late usage of an organisation as a program reads it, bills it at once and gives it up.</summary>
public sealed class LateUsageEndpointTests : IAsyncLifetime
{
    private AdminApiHost _host = null!;
    private HttpClient _admin = null!;
    private HttpClient _viewer = null!;

    private string Base => $"/api/v1/admin/organisations/{_host.World.Acme.Id}";

    public async Task InitializeAsync()
    {
        _host = await AdminApiHost.StartAsync(_ => { }, admin => admin.MapLateUsage());
        (_admin, _viewer) = (await _host.ClientAsync(_host.World.Admin), await _host.ClientAsync(_host.World.Viewer));
        (await _host.Services.GetRequiredService<CreatePrice>().RunAsync(
            _host.World.Staff, new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "standard", Price = 2, EffectiveFrom = new DateOnly(2026, 1, 1) }, default)).Failures.ShouldBeEmpty();
        await SqlAsync($"""
            INSERT INTO usage_aggregates (organisation_id, year, month, project_id, metric_name, unit, total_value, event_count, updated_at)
            VALUES ('{_host.World.Acme.Id}', 2026, 10, '{_host.World.AcmeProject.Id}', 'api_calls', 'calls', 10, 5, '2026-11-10'), ('{_host.World.Acme.Id}', 2026, 10, '{_host.World.AcmeProject.Id}', 'unknown', 'calls', 3, 1, '2026-11-10');
            INSERT INTO billing_runs (id, year, month, state, auto_issue, remake, late_only, total, done, skipped, failed, issued, unpriced, attempts, started_by, created_at)
            VALUES (gen_random_uuid(), 2026, 10, 'completed', false, false, false, 0, 0, 0, 0, 0, 0, 1, 'test', '2026-11-02')
            """);
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        _viewer.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task What_came_late_and_what_has_no_price_are_read()
    {
        var body = await AdminApiHost.JsonAsync(await _viewer.GetAsync($"{Base}/unbilled-usage"));

        body.GetProperty("currency").GetString().ShouldBe("INR");
        var late = body.GetProperty("late").EnumerateArray().ShouldHaveSingleItem();
        Texts(late, "period", "metricName", "unit", "quantity", "billedBefore", "amount").ShouldBe(["2026-10", "api_calls", "calls", "10", "0.00", "20.00"]);
        late.GetProperty("eventCount").GetInt64().ShouldBe(5);
        Texts(body.GetProperty("unpriced").EnumerateArray().ShouldHaveSingleItem(), "metricName", "quantity").ShouldBe(["unknown", "3"]);
        (await _viewer.GetAsync($"/api/v1/admin/organisations/{Guid.CreateVersion7()}/unbilled-usage")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task It_is_given_up_with_a_reason_and_only_for_what_was_seen()
    {
        var request = new { year = 2026, month = 10, metricName = "api_calls", unit = "calls", reason = "Our mistake", amount = 20 };

        (await PostAsync(_admin, "late-usage/write-off", request with { reason = " " }, HttpStatusCode.UnprocessableEntity)).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("reason");
        (await PostAsync(_admin, "late-usage/write-off", request with { amount = 19 }, HttpStatusCode.Conflict)).GetProperty("code").GetString().ShouldBe("late_usage_changed");
        await PostAsync(_viewer, "late-usage/write-off", request, HttpStatusCode.Forbidden);
        var written = await PostAsync(_admin, "late-usage/write-off", request, HttpStatusCode.Created);

        Texts(written, "metricName", "quantity", "amount", "currency", "reason").ShouldBe(["api_calls", "10", "20.00", "INR", "Our mistake"]);
        (await PostAsync(_admin, "late-usage/write-off", request, HttpStatusCode.Conflict)).GetProperty("code").GetString().ShouldBe("late_usage_gone");
        (await AdminApiHost.JsonAsync(await _viewer.GetAsync($"{Base}/unbilled-usage"))).GetProperty("late").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task It_is_billed_at_once_by_a_run_of_its_own()
    {
        await PostAsync(_viewer, "late-usage/bill", null, HttpStatusCode.Forbidden);
        using var answer = await _admin.PostAsync($"{Base}/late-usage/bill", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var run = await AdminApiHost.JsonAsync(answer);
        answer.Headers.Location!.OriginalString.ShouldBe($"/api/v1/admin/billing-runs/{run.GetProperty("id").GetGuid()}");
        (await _host.Services.GetRequiredService<RunBilling>().RunNextAsync(default)).ShouldBeTrue();
        (await AdminApiHost.JsonAsync(await _viewer.GetAsync($"{Base}/unbilled-usage"))).GetProperty("late").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_told()
    {
        using var nobody = await _host.ClientAsync(null);

        (await nobody.GetAsync($"{Base}/unbilled-usage")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await nobody.PostAsync($"{Base}/late-usage/bill", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<JsonElement> PostAsync(HttpClient client, string path, object? body, HttpStatusCode expected)
    {
        using var answer = await client.PostAsJsonAsync($"{Base}/{path}", body);
        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
        return await AdminApiHost.JsonAsync(answer);
    }

    private static string?[] Texts(JsonElement body, params string[] names) => [.. names.Select(name => body.GetProperty(name).GetString())];

    private async Task SqlAsync(string sql)
    {
        await using var command = _host.World.Get<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
