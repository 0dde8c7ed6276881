using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Hosting;
using Portal.Access;
using Portal.Core.Access;
using Portal.Endpoints.Admin;
using Portal.Endpoints.Idempotency;
using Portal.Endpoints.Problems;
using Portal.Tests.Support;

namespace Portal.Tests.Endpoints.Admin;

/// <summary>Plans, subscriptions and services over HTTP, with admin keys, on a database of their own. Today is 21 November 2026.</summary>
public sealed class PlanApiTests : IAsyncLifetime
{
    private AccessWorld _world = null!;
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _world = await AccessWorld.CreateAsync();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ApplicationName = "Portal", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseTestServer();
        // Only what these endpoints need is here; what others need besides is not asked for.
        ((IHostBuilder)builder.Host).UseDefaultServiceProvider(services => services.ValidateScopes = true);
        _world.Compose(builder.Services);
        builder.Services.AddProblems();
        builder.Services.AddAccess(builder.Configuration, builder.Environment);
        _app = builder.Build();
        _app.UseProblems();
        _app.UseRouting();
        _app.UseAccess();
        _app.UseIdempotencyKeys();
        var admin = _app.MapGroup(AdminApi.Root).ByAdminKey();
        admin.MapPlans();
        admin.MapSubscriptions();
        admin.MapServices();
        await _app.StartAsync();
        _http = await ClientAsync(_world.Admin);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_plan_is_made_read_changed_archived_and_restored()
    {
        var made = await PostAsync("plans", new
        {
            code = "growth", name = "Growth", priceAmount = "2999.5", currency = "INR", trialPeriodDays = 14, includedCredits = 500, maxUsers = 10, features = new[] { "Mail support" }, minimumCommitment = 100, customersMayChange = true,
        }, HttpStatusCode.Created);
        var id = made["id"]!.GetValue<string>();

        Text(made, "priceAmount").ShouldBe("2999.50");
        Text(made, "minimumCommitment").ShouldBe("100.00");
        Text(made, "includedCredits").ShouldBe("500");
        Text(made, "interval").ShouldBe("month");
        var changed = await SendAsync(HttpMethod.Patch, $"plans/{id}", new { priceAmount = 3499, maxUsers = 0, minimumCommitment = 0, description = "For teams" });
        Text(changed, "priceAmount").ShouldBe("3499.00");
        changed["maxUsers"].ShouldBeNull();
        changed["minimumCommitment"].ShouldBeNull();
        Text(changed, "description").ShouldBe("For teams");
        changed["trialPeriodDays"]!.GetValue<int>().ShouldBe(14);
        changed["features"]!.AsArray().Single()!.GetValue<string>().ShouldBe("Mail support");
        (await PostAsync($"plans/{id}/archive"))["isActive"]!.GetValue<bool>().ShouldBeFalse();
        Code(await PostAsync($"plans/{id}/archive", expected: HttpStatusCode.Conflict)).ShouldBe("already_archived");
        (await GetAsync("plans?isActive=true"))["items"]!.AsArray().ShouldBeEmpty();
        (await PostAsync($"plans/{id}/restore"))["isActive"]!.GetValue<bool>().ShouldBeTrue();
        (await GetAsync($"plans/{id}"))["subscriptions"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task What_is_wrong_with_a_plan_is_said_by_field_and_a_code_is_taken_once()
    {
        var refused = await PostAsync("plans", new { code = "Growth!", priceAmount = "9.999", currency = "INR", interval = "week" }, HttpStatusCode.UnprocessableEntity);

        refused["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()).ShouldBe(["code", "name", "priceAmount", "interval"]);
        await PlanAsync("growth", 10);
        Code(await PostAsync("plans", new { code = "growth", name = "Another", priceAmount = 1, currency = "INR" }, HttpStatusCode.Conflict)).ShouldBe("code_taken");
        Code(await GetAsync($"plans/{Guid.NewGuid()}", HttpStatusCode.NotFound)).ShouldBe("not_found");
    }

    [Fact]
    public async Task The_same_key_makes_one_plan_and_lists_go_on_by_cursor()
    {
        for (var again = 0; again < 2; again++)
            await SendAsync(HttpMethod.Post, "plans", new { code = "one", name = "One", priceAmount = 1, currency = "INR" }, HttpStatusCode.Created, "plan-one");
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        await PlanAsync("two", 2);

        var first = await GetAsync("plans?limit=1");
        var second = await GetAsync($"plans?limit=1&cursor={first["nextCursor"]}");

        Text(first["items"]![0]!, "code").ShouldBe("two");
        Text(second["items"]![0]!, "code").ShouldBe("one");
        second["nextCursor"].ShouldBeNull();
        Text((await GetAsync("plans?search=ONE"))["items"]!.AsArray().Single()!, "code").ShouldBe("one");
    }

    [Fact]
    public async Task A_subscription_is_started_previewed_changed_cancelled_and_resumed()
    {
        var (basic, pro) = (await PlanAsync("basic", 3000), await PlanAsync("pro", 6000));
        var started = await PostAsync("subscriptions", new { organisationId = _world.Acme.Id, planId = basic, startsOn = "2026-11-01", metadata = new { contract = "C-17" } }, HttpStatusCode.Created);
        var id = started["id"]!.GetValue<string>();
        Text(started, "status").ShouldBe("active");
        Text(started["metadata"]!, "contract").ShouldBe("C-17");

        var preview = await PostAsync($"subscriptions/{id}/preview", new { planId = pro, timing = "now" });
        preview["lines"]!.AsArray().Select(line => (Text(line!, "name"), Text(line!, "from"), Text(line!, "to"), line!["days"]!.GetValue<int>(), Text(line!, "amount"))).ShouldBe(
            [("basic", "2026-11-21", "2026-12-01", 10, "-1000.00"), ("pro", "2026-11-21", "2026-12-01", 10, "2000.00")]);
        Text(preview, "total").ShouldBe("1000.00");
        var changed = await PostAsync($"subscriptions/{id}/change", new { planId = pro });
        changed["phases"]!.AsArray().Select(phase => (Text(phase!, "planName"), Text(phase!, "fee"), Text(phase!, "startsOn"), phase!["endsOn"]?.GetValue<string>())).ShouldBe(
            [("basic", "3000.00", "2026-11-01", "2026-11-21"), ("pro", "6000.00", "2026-11-21", null)]);
        Code(await PostAsync($"subscriptions/{id}/change", new { planId = pro }, HttpStatusCode.Conflict)).ShouldBe("same_plan");

        var cancelled = await PostAsync($"subscriptions/{id}/cancel", new { reason = "Moving away" });
        (Text(cancelled, "endsOn"), cancelled["cancelAtPeriodEnd"]!.GetValue<bool>(), Text(cancelled, "status")).ShouldBe(("2026-12-01", true, "active"));
        (await PostAsync($"subscriptions/{id}/resume"))["endsOn"].ShouldBeNull();
        Text(await PostAsync($"subscriptions/{id}/cancel", new { timing = "now" }), "status").ShouldBe("cancelled");
        Code(await PostAsync($"subscriptions/{id}/cancel", new { timing = "soon" }, HttpStatusCode.UnprocessableEntity)).ShouldBe("invalid");
    }

    [Fact]
    public async Task An_organisation_has_one_subscription_and_a_trial_is_put_off()
    {
        var basic = await PlanAsync("basic", 3000);
        var id = (await PostAsync("subscriptions", new { organisationId = _world.Acme.Id, planId = basic, trialDays = 7 }, HttpStatusCode.Created))["id"]!.GetValue<string>();

        Code(await PostAsync("subscriptions", new { organisationId = _world.Acme.Id, planId = basic }, HttpStatusCode.Conflict)).ShouldBe("subscription_overlap");
        Text(await PostAsync($"subscriptions/{id}/extend-trial", new { trialEndsOn = "2026-12-12" }), "trialEndsOn").ShouldBe("2026-12-12");
        Code(await PostAsync($"subscriptions/{id}/extend-trial", new { }, HttpStatusCode.UnprocessableEntity)).ShouldBe("invalid");
        var row = (await GetAsync($"subscriptions?organisationId={_world.Acme.Id}&status=trialing&planId={basic}"))["items"]!.AsArray().Single()!;
        (Text(row, "organisationName"), Text(row, "planName")).ShouldBe(("Acme", "basic"));
        (await GetAsync("subscriptions?status=expired"))["items"]!.AsArray().ShouldBeEmpty();
        Code(await GetAsync("subscriptions?status=gone", HttpStatusCode.UnprocessableEntity)).ShouldBe("invalid");
    }

    [Fact]
    public async Task A_service_is_activated_changed_suspended_restored_and_cancelled()
    {
        var made = await PostAsync("services", new { organisationId = _world.Acme.Id, name = "Card terminal", type = "terminal", serial = "T-1", quantity = 2, unitPrice = "499.5" }, HttpStatusCode.Created);
        var id = made["id"]!.GetValue<string>();
        (Text(made, "unitPrice"), Text(made, "fee"), Text(made, "activatedOn")).ShouldBe(("499.5", "999.00", "2026-11-21"));

        Code(await PostAsync("services", new { organisationId = _world.Acme.Id, name = "Card terminal", type = "terminal", serial = "T-1", unitPrice = 1 }, HttpStatusCode.Conflict)).ShouldBe("serial_taken");
        Text(await SendAsync(HttpMethod.Patch, $"services/{id}", new { quantity = 3 }), "fee").ShouldBe("1498.50");
        Code(await SendAsync(HttpMethod.Patch, $"services/{id}", new { }, HttpStatusCode.UnprocessableEntity)).ShouldBe("invalid");
        Text(await PostAsync($"services/{id}/suspend"), "status").ShouldBe("suspended");
        Text(await PostAsync($"services/{id}/restore"), "status").ShouldBe("active");
        Text(await PostAsync($"services/{id}/cancel"), "cancelledOn").ShouldBe("2026-11-21");
        Code(await PostAsync($"services/{id}/cancel", expected: HttpStatusCode.Conflict)).ShouldBe("already_cancelled");
        (await GetAsync($"services?organisationId={_world.Acme.Id}&status=cancelled&search=t-1"))["items"]!.AsArray().ShouldHaveSingleItem();
        (await GetAsync($"services?organisationId={_world.Globex.Id}"))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_only_reads_changes_nothing_and_nobody_comes_in_without_a_key()
    {
        var id = await PlanAsync("basic", 3000);
        using var viewer = await ClientAsync(_world.Viewer);
        using var nobody = _app.GetTestClient();

        (await viewer.GetAsync($"{AdminApi.Root}/plans")).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var path in new[] { "plans", $"plans/{id}/archive", "subscriptions", $"subscriptions/{id}/cancel", "services", $"services/{id}/suspend" })
            (await viewer.PostAsJsonAsync($"{AdminApi.Root}/{path}", new { planId = id, organisationId = _world.Acme.Id })).StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
        (await nobody.GetAsync($"{AdminApi.Root}/subscriptions")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<HttpClient> ClientAsync(User user)
    {
        var secret = (await _world.Get<IssueAdminApiKey>().RunAsync(_world.Staff, user.Id, "Tests", null, null, default)).Value.Secret;
        var http = _app.GetTestClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return http;
    }

    private async Task<string> PlanAsync(string code, decimal price) =>
        (await PostAsync("plans", new { code, name = code, priceAmount = price, currency = "INR" }, HttpStatusCode.Created))["id"]!.GetValue<string>();

    private Task<JsonNode> GetAsync(string path, HttpStatusCode expected = HttpStatusCode.OK) => SendAsync(HttpMethod.Get, path, null, expected);

    private Task<JsonNode> PostAsync(string path, object? body = null, HttpStatusCode expected = HttpStatusCode.OK) => SendAsync(HttpMethod.Post, path, body, expected);

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body, HttpStatusCode expected = HttpStatusCode.OK, string? key = null)
    {
        using var request = new HttpRequestMessage(method, $"{AdminApi.Root}/{path}");
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, $"{method} {path}: {text}");
        return JsonNode.Parse(text)!;
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static string Code(JsonNode problem) => Text(problem, "code");
}
