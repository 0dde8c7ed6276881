using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Core.Metering;
using Portal.Endpoints.Admin;

namespace Portal.Tests.Endpoints.Admin;

/// <summary>The catalogue of metrics as a program reads and defines it.</summary>
public sealed class MetricEndpointTests : IAsyncLifetime
{
    private const string Path = "/api/v1/admin/metrics";

    private AdminApiHost _host = null!;
    private HttpClient _admin = null!;
    private HttpClient _viewer = null!;

    public async Task InitializeAsync()
    {
        _host = await AdminApiHost.StartAsync(services => services.AddMetering(), admin => admin.MapMetrics());
        (_admin, _viewer) = (await _host.ClientAsync(_host.World.Admin), await _host.ClientAsync(_host.World.Viewer));
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        _viewer.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_metric_is_defined_read_and_listed_with_its_rules()
    {
        var made = await PostAsync(_admin, new { name = "seats", unit = "seats", description = "People who work", aggregation = "unique", property = "user_id", rounding = "up", decimals = 0 }, HttpStatusCode.OK);
        await PostAsync(_admin, new { name = "builds", unit = "builds", aggregation = "count" }, HttpStatusCode.OK);

        var read = await AdminApiHost.JsonAsync(await _viewer.GetAsync($"{Path}/{made.GetProperty("id").GetGuid()}"));
        (read.GetProperty("name").GetString(), read.GetProperty("description").GetString()).ShouldBe(("seats", "People who work"));
        var rule = read.GetProperty("rule");
        (rule.GetProperty("aggregation").GetString(), rule.GetProperty("property").GetString(), rule.GetProperty("rounding").GetString()).ShouldBe(("unique", "user_id", "up"));
        read.GetProperty("versions").GetArrayLength().ShouldBe(1);
        var items = (await AdminApiHost.JsonAsync(await _viewer.GetAsync(Path))).GetProperty("items").EnumerateArray().ToList();
        items.Select(item => item.GetProperty("name").GetString()).ShouldBe(["builds", "seats"]);
        items.ShouldAllBe(item => !item.GetProperty("isPriced").GetBoolean());
        (await NamesAsync("?limit=1&offset=1")).ShouldBe(["seats"]);
        (await NamesAsync("?search=BUI")).ShouldBe(["builds"]);
    }

    [Fact]
    public async Task What_is_wrong_is_said_by_field_and_who_may_not_is_refused()
    {
        using var nobody = await _host.ClientAsync(null);

        var wrong = await PostAsync(_admin, new { name = "", unit = "seats", aggregation = "unique" }, HttpStatusCode.UnprocessableEntity);
        wrong.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()).ShouldContain("name");
        await PostAsync(_admin, new { name = "seats", unit = "seats", aggregation = "guess" }, HttpStatusCode.UnprocessableEntity);
        await PostAsync(_viewer, new { name = "seats", unit = "seats", aggregation = "count" }, HttpStatusCode.Forbidden);
        (await _viewer.GetAsync($"{Path}?limit=0")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _viewer.GetAsync($"{Path}?offset=-1")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _viewer.GetAsync($"{Path}/{Guid.CreateVersion7()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await nobody.GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<string?[]> NamesAsync(string query) => [.. (await AdminApiHost.JsonAsync(await _viewer.GetAsync(Path + query))).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString())];

    private static async Task<JsonElement> PostAsync(HttpClient client, object body, HttpStatusCode expected)
    {
        using var answer = await client.PostAsJsonAsync(Path, body);
        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
        return await AdminApiHost.JsonAsync(answer);
    }
}
