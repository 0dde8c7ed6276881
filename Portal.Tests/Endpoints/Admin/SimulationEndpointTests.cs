using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Simulations;
using Portal.Data.Simulations;
using Portal.Endpoints.Admin;

namespace Portal.Tests.Endpoints.Admin;

public sealed class SimulationEndpointTests : IAsyncLifetime
{
    private AdminApiHost _host = null!;
    private HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        _host = await AdminApiHost.StartAsync(services => services.AddSimulations().AddSimulationData(), admin => admin.MapSimulations());
        _admin = await _host.ClientAsync(_host.World.Admin);
        await SqlAsync($"INSERT INTO usage_aggregates (organisation_id, year, month, project_id, metric_name, unit, total_value, event_count, updated_at) VALUES ('{_host.World.Acme.Id}', 2026, 10, '{_host.World.AcmeProject.Id}', 'api_calls', 'calls', 100, 1, now())");
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_simulation_is_asked_for_worked_off_and_read_with_its_results()
    {
        var asked = await _admin.PostAsJsonAsync("/api/v1/admin/simulations", new { months = 1, price = new { metricName = "api_calls", unit = "calls", currency = _host.World.Acme.Currency, model = "standard", price = "2.5" } });

        asked.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var queued = await AdminApiHost.JsonAsync(asked);
        var id = queued.GetProperty("id").GetGuid();
        asked.Headers.Location!.OriginalString.ShouldBe($"/api/v1/admin/simulations/{id}");
        queued.GetProperty("state").GetString().ShouldBe("queued");
        (await _host.Services.GetRequiredService<RunSimulation>().RunNextAsync(default)).ShouldBeTrue();
        var read = await AdminApiHost.JsonAsync(await _admin.GetAsync($"/api/v1/admin/simulations/{id}"));
        read.GetProperty("state").GetString().ShouldBe("completed");
        var sums = read.GetProperty("currencies").EnumerateArray().Single();
        (sums.GetProperty("current").GetString(), sums.GetProperty("simulated").GetString(), sums.GetProperty("more").GetInt32()).ShouldBe(("0.00", "250.00", 1));
        var result = (await AdminApiHost.JsonAsync(await _admin.GetAsync($"/api/v1/admin/simulations/{id}/results?change=more"))).GetProperty("items").EnumerateArray().Single();
        result.GetProperty("organisationId").GetGuid().ShouldBe(_host.World.Acme.Id);
        result.GetProperty("months")[0].GetProperty("simulated").GetString().ShouldBe("250.00");
        (await AdminApiHost.JsonAsync(await _admin.GetAsync("/api/v1/admin/simulations"))).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await _admin.PostAsync($"/api/v1/admin/simulations/{id}/cancel", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task One_that_waits_is_called_off()
    {
        var asked = await AdminApiHost.JsonAsync(await _admin.PostAsJsonAsync("/api/v1/admin/simulations", new { months = 1, price = new { metricName = "api_calls", unit = "calls", currency = "INR", model = "standard", price = 1 } }));

        var cancelled = await _admin.PostAsync($"/api/v1/admin/simulations/{asked.GetProperty("id").GetGuid()}/cancel", null);

        cancelled.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AdminApiHost.JsonAsync(cancelled)).GetProperty("state").GetString().ShouldBe("cancelled");
        (await _host.Services.GetRequiredService<RunSimulation>().RunNextAsync(default)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_wrong_is_a_problem_and_who_may_not_is_refused()
    {
        using var viewer = await _host.ClientAsync(_host.World.Viewer);
        using var nobody = await _host.ClientAsync(null);
        var price = new { months = 0, price = new { metricName = "api_calls", unit = "calls", currency = "INR", model = "standard" } };

        var refused = await _admin.PostAsJsonAsync("/api/v1/admin/simulations", price);

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("price.price");
        (await viewer.PostAsJsonAsync("/api/v1/admin/simulations", price)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await viewer.GetAsync("/api/v1/admin/simulations")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await nobody.GetAsync("/api/v1/admin/simulations")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _admin.GetAsync($"/api/v1/admin/simulations/{Guid.Empty}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task SqlAsync(string sql)
    {
        await using var command = _host.World.Get<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
