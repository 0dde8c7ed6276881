using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Analytics;
using Portal.Core.Plans;
using Portal.Endpoints.Admin;

namespace Portal.Tests.Endpoints.Admin;

public sealed class AnalyticsEndpointTests : IAsyncLifetime
{
    private AdminApiHost _host = null!;
    private HttpClient _viewer = null!;

    public async Task InitializeAsync()
    {
        _host = await AdminApiHost.StartAsync(_ => { }, admin => admin.MapAnalytics());
        _viewer = await _host.ClientAsync(_host.World.Viewer);
        var plan = (await _host.Services.GetRequiredService<SavePlan>().CreateAsync(_host.World.Staff, new PlanInput { Code = "pro", Name = "Pro", PriceAmount = 1_200, Currency = _host.World.Acme.Currency, Interval = "year" }, default)).Value;
        (await _host.Services.GetRequiredService<StartSubscription>().RunAsync(_host.World.Staff, new StartSubscriptionRequest { OrganisationId = _host.World.Acme.Id, PlanId = plan.Id }, default)).Failures.ShouldBeEmpty();
        await _host.Services.GetRequiredService<KeepMrr>().RunAsync(CallContext.System("keep", "Test."), default);
    }

    public async Task DisposeAsync()
    {
        _viewer.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Recurring_revenue_is_read_by_month_with_its_movements()
    {
        var mrr = await AdminApiHost.JsonAsync(await _viewer.GetAsync("/api/v1/admin/analytics/mrr?months=2"));

        var one = mrr.GetProperty("currencies").EnumerateArray().Single();
        (one.GetProperty("currency").GetString(), one.GetProperty("mrr").GetString(), one.GetProperty("customers").GetInt32()).ShouldBe((_host.World.Acme.Currency, "100.00", 1));
        var last = one.GetProperty("months").EnumerateArray().Last();
        (last.GetProperty("month").GetString(), last.GetProperty("opening").GetString(), last.GetProperty("new").GetString(), last.GetProperty("closing").GetString()).ShouldBe(("2026-11", "0.00", "100.00", "100.00"));
        var movement = (await AdminApiHost.JsonAsync(await _viewer.GetAsync("/api/v1/admin/analytics/mrr/movements"))).GetProperty("items").EnumerateArray().Single();
        (movement.GetProperty("kind").GetString(), movement.GetProperty("cause").GetString()).ShouldBe(("new", "Pro began"));
    }

    [Fact]
    public async Task Revenue_and_cohorts_answer_and_refuse_what_is_wrong()
    {
        using var nobody = await _host.ClientAsync(null);

        (await AdminApiHost.JsonAsync(await _viewer.GetAsync("/api/v1/admin/analytics/revenue?by=country&months=3"))).GetProperty("months").GetArrayLength().ShouldBe(3);
        (await _viewer.GetAsync("/api/v1/admin/analytics/cohorts")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _viewer.GetAsync("/api/v1/admin/analytics/revenue?by=weather")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _viewer.GetAsync("/api/v1/admin/analytics/mrr?months=99")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await nobody.GetAsync("/api/v1/admin/analytics/mrr")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
