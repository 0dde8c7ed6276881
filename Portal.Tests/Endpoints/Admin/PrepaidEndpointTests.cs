using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Core.Access;
using Portal.Core.Discounts;
using Portal.Core.Payments;
using Portal.Core.PrepaidCredits;
using Portal.Data.Credits;
using Portal.Endpoints.Admin;
using Portal.Endpoints.Idempotency;
using Portal.Endpoints.Problems;
using Portal.Tests.Support;

namespace Portal.Tests.Endpoints.Admin;

/// <summary>Packs, costs, grants and discounts as a program reaches them, with keys of people who may and who may not.</summary>
public sealed class PrepaidEndpointTests : IAsyncLifetime
{
    private AccessWorld _world = null!;
    private WebApplication _app = null!;
    private HttpClient _admin = null!;
    private HttpClient _viewer = null!;

    public async Task InitializeAsync()
    {
        _world = await AccessWorld.CreateAsync();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseTestServer();
        _world.Compose(builder.Services);
        builder.Services.AddProblems();
        builder.Services.AddCreditsData().AddPrepaidCredits().AddDiscounts().AddSingleton<ListPrepaidPurchases>();
        builder.Services.AddAccess(builder.Configuration, builder.Environment);
        _app = builder.Build();
        _app.UseProblems();
        _app.UseRouting();
        _app.UseAccess();
        _app.UseIdempotencyKeys();
        var admin = _app.MapGroup(AdminApi.Root).ByAdminKey();
        admin.MapPrepaidCredits();
        admin.MapDiscounts();
        await _app.StartAsync();
        (_admin, _viewer) = (await ClientAsync(_world.Admin), await ClientAsync(_world.Viewer));
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        _viewer.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_pack_is_made_changed_read_and_listed()
    {
        var made = await SendAsync(_admin, HttpMethod.Post, "credit-products", new { name = "1,000 credits", credits = 1000, price = "999.00", currency = "INR", validityDays = 365 }, HttpStatusCode.Created);
        var id = Text(made, "id");
        await SendAsync(_admin, HttpMethod.Post, "credit-products", new { name = "100 credits", credits = 100, price = "120.00", currency = "INR" }, HttpStatusCode.Created);

        var changed = await SendAsync(_admin, HttpMethod.Put, $"credit-products/{id}", new { name = "1,000 credits", credits = 1000, price = "899.5", currency = "INR", isActive = false });

        (Text(changed, "price"), changed["isActive"]!.GetValue<bool>(), changed["validityDays"]).ShouldBe(("899.50", false, null));
        Text(await SendAsync(_viewer, HttpMethod.Get, $"credit-products/{id}"), "credits").ShouldBe("1000");
        // By name, a page of one after the other.
        var first = await SendAsync(_viewer, HttpMethod.Get, "credit-products?limit=1");
        Text(first["items"]![0]!, "name").ShouldBe("1,000 credits");
        var second = await SendAsync(_viewer, HttpMethod.Get, $"credit-products?limit=1&cursor={Text(first, "nextCursor")}");
        Text(second["items"]!.AsArray().ShouldHaveSingleItem()!, "name").ShouldBe("100 credits");
        second["nextCursor"].ShouldBeNull();
    }

    [Fact]
    public async Task What_is_wrong_is_said_by_field_and_what_one_may_not_is_refused()
    {
        var wrong = await SendAsync(_admin, HttpMethod.Post, "credit-products", new { name = "", credits = 0, price = "9.999", currency = "INR" }, HttpStatusCode.UnprocessableEntity);
        wrong["errors"]!.AsArray().Select(error => Text(error!, "field")).ShouldBe(["name", "credits", "price"], ignoreOrder: true);

        await SendAsync(_viewer, HttpMethod.Post, "credit-products", new { name = "x", credits = 1, price = 1, currency = "INR" }, HttpStatusCode.Forbidden);
        await SendAsync(_viewer, HttpMethod.Post, "discounts", new { name = "x", kind = "percentage", value = 10 }, HttpStatusCode.Forbidden);
        await SendAsync(_viewer, HttpMethod.Post, $"organisations/{_world.Acme.Id}/prepaid-credits/grants", new { credits = 1, reason = "x" }, HttpStatusCode.Forbidden);
        await SendAsync(_admin, HttpMethod.Get, $"credit-products/{Guid.CreateVersion7()}", expected: HttpStatusCode.NotFound);
        await SendAsync(_admin, HttpMethod.Get, $"organisations/{Guid.CreateVersion7()}/prepaid-credits", expected: HttpStatusCode.NotFound);
        await SendAsync(_admin, HttpMethod.Get, "discounts?limit=1000", expected: HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_cost_has_versions_by_day_that_never_overlap()
    {
        var first = await SendAsync(_admin, HttpMethod.Post, "credit-costs", new { metricName = "api_calls", unit = "calls", creditsPerUnit = "0.05", effectiveFrom = "2026-11-01" }, HttpStatusCode.Created);
        var next = new { metricName = "api_calls", unit = "calls", creditsPerUnit = "0.04", effectiveFrom = "2027-01-01" };
        Text(await SendAsync(_admin, HttpMethod.Post, "credit-costs", next, HttpStatusCode.Conflict), "code").ShouldBe("credit_cost_overlap");

        var ended = await SendAsync(_admin, HttpMethod.Post, $"credit-costs/{Text(first, "id")}/end", new { effectiveTo = "2027-01-01" });
        await SendAsync(_admin, HttpMethod.Post, "credit-costs", next, HttpStatusCode.Created);

        Text(ended, "effectiveTo").ShouldBe("2027-01-01");
        var listed = await SendAsync(_viewer, HttpMethod.Get, "credit-costs?metricName=api_calls");
        listed["items"]!.AsArray().Select(row => Text(row!, "creditsPerUnit")).ShouldBe(["0.04", "0.05"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_grant_with_an_idempotency_key_is_granted_once_and_stands_in_wallet_and_movements()
    {
        var grants = $"organisations/{_world.Acme.Id}/prepaid-credits/grants";
        var key = Guid.CreateVersion7().ToString();
        var body = new { credits = "50.5", reason = "Outage of 3 November", expiresAt = "2027-03-31T18:30:00Z" };

        for (var time = 0; time < 2; time++)
            Text(await SendAsync(_admin, HttpMethod.Post, grants, body, HttpStatusCode.Created, key), "remaining").ShouldBe("50.5");
        await SendAsync(_admin, HttpMethod.Post, grants, new { credits = 10, isPromotional = true, reason = "Welcome" }, HttpStatusCode.Created);
        var refused = await SendAsync(_admin, HttpMethod.Post, grants, new { credits = 1, expiresAt = "2020-01-01T00:00:00Z" }, HttpStatusCode.UnprocessableEntity);

        refused["errors"]!.AsArray().Select(error => Text(error!, "field")).ShouldBe(["expiresAt", "reason"], ignoreOrder: true);
        var wallet = await SendAsync(_viewer, HttpMethod.Get, $"organisations/{_world.Acme.Id}/prepaid-credits");
        Text(wallet, "balance").ShouldBe("60.5");
        // Soonest expiry first.
        wallet["grants"]!.AsArray().Select(grant => Text(grant!, "kind")).ShouldBe(["staff", "promotional"]);
        var newest = await SendAsync(_viewer, HttpMethod.Get, $"organisations/{_world.Acme.Id}/prepaid-credits/movements?limit=1");
        (Text(newest["items"]![0]!, "amount"), Text(newest["items"]![0]!, "balanceAfter")).ShouldBe(("10", "60.5"));
        var older = await SendAsync(_viewer, HttpMethod.Get, $"organisations/{_world.Acme.Id}/prepaid-credits/movements?cursor={Text(newest, "nextCursor")}");
        Text(older["items"]!.AsArray().ShouldHaveSingleItem()!, "balanceAfter").ShouldBe("50.5");
        (await SendAsync(_viewer, HttpMethod.Get, $"organisations/{_world.Globex.Id}/prepaid-credits/movements"))["items"]!.AsArray().ShouldBeEmpty();
        (await SendAsync(_viewer, HttpMethod.Get, $"organisations/{_world.Acme.Id}/prepaid-credits/purchases"))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_discount_is_given_by_id_or_code_listed_ended_and_withdrawn()
    {
        var discount = await SendAsync(_admin, HttpMethod.Post, "discounts", new { name = "Launch offer", code = "launch-20", kind = "percentage", value = 20, periods = 3 }, HttpStatusCode.Created);
        var id = Text(discount, "id");
        Text(discount, "code").ShouldBe("LAUNCH-20");

        var given = await SendAsync(_admin, HttpMethod.Post, $"organisations/{_world.Acme.Id}/discounts", new { discountId = id, firstMonth = "2026-12", reason = "As agreed" }, HttpStatusCode.Created);
        await SendAsync(_admin, HttpMethod.Post, $"organisations/{_world.Globex.Id}/discounts", new { code = "launch-20", reason = "By mail" }, HttpStatusCode.Created);

        (Text(given, "firstMonth"), Text(given, "endMonth"), Text(given, "discountId")).ShouldBe(("2026-12", "2027-03", id));
        Text(await SendAsync(_admin, HttpMethod.Post, $"organisations/{_world.Acme.Id}/discounts", new { discountId = id, reason = "Again" }, HttpStatusCode.Conflict), "code").ShouldBe("discount_already_given");
        await SendAsync(_admin, HttpMethod.Post, $"organisations/{_world.Acme.Id}/discounts", new { code = "nothing", reason = "x" }, HttpStatusCode.UnprocessableEntity);
        await SendAsync(_admin, HttpMethod.Post, $"organisations/{_world.Acme.Id}/discounts", new { code = "launch-20", firstMonth = "soon", reason = "x" }, HttpStatusCode.UnprocessableEntity);
        Text(await SendAsync(_admin, HttpMethod.Post, $"organisation-discounts/{Text(given, "id")}/end", new { month = "2027-01" }), "endMonth").ShouldBe("2027-01");
        await SendAsync(_admin, HttpMethod.Post, $"organisation-discounts/{Text(given, "id")}/end", new { month = "2027-02" }, HttpStatusCode.Conflict);
        (await SendAsync(_admin, HttpMethod.Post, $"discounts/{id}/withdraw", new { }))["isActive"]!.GetValue<bool>().ShouldBeFalse();
        var read = await SendAsync(_viewer, HttpMethod.Get, $"discounts/{id}");
        read["redemptions"]!.GetValue<int>().ShouldBe(2);
        Text((await SendAsync(_viewer, HttpMethod.Get, $"organisations/{_world.Acme.Id}/discounts"))["items"]!.AsArray().ShouldHaveSingleItem()!, "reason").ShouldBe("As agreed");
        (await SendAsync(_viewer, HttpMethod.Get, "discounts?search=launch"))["items"]!.AsArray().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_examples_of_the_description_are_taken_as_they_stand()
    {
        var sent = 0;
        foreach (var endpoint in _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<Portal.Endpoints.ExampleMetadata>() is not { } examples)
                continue;
            var path = endpoint.RoutePattern.RawText![(AdminApi.Root.Length + 1)..];
            foreach (var (_, json) in examples.Bodies)
            {
                // Only what stands for itself: the others name things that must be there first.
                if ((path is not ("credit-products/" or "credit-costs/" or "discounts/") && !path.EndsWith("/grants", StringComparison.Ordinal)) || endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods is not ["POST"])
                    continue;
                await SendAsync(_admin, HttpMethod.Post, path.Replace("{id:guid}", _world.Acme.Id.ToString(), StringComparison.Ordinal), JsonNode.Parse(json), HttpStatusCode.Created);
                sent++;
            }
        }

        sent.ShouldBe(6);
    }

    private async Task<HttpClient> ClientAsync(User user)
    {
        var client = _app.GetTestClient();
        var key = (await _world.Get<IssueAdminApiKey>().RunAsync(_world.Staff, user.Id, "Program", null, null, default)).Value.Secret;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static async Task<JsonNode> SendAsync(HttpClient client, HttpMethod method, string path, object? body = null, HttpStatusCode expected = HttpStatusCode.OK, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, $"{AdminApi.Root}/{path}");
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, $"{method} {path}: {text}");
        if (!answer.IsSuccessStatusCode)
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return JsonNode.Parse(text.Length == 0 ? "null" : text) ?? new JsonObject();
    }
}
