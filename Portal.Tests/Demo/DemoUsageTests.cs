using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Health;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Data.Health;
using Portal.Data.Metering;
using Portal.Demo;
using Portal.Tests.Data.BillingRuns;

namespace Portal.Tests.Demo;

public sealed class DemoUsageTests(BillingWorld world) : IClassFixture<BillingWorld>
{
    [Fact]
    public async Task The_sums_of_the_demo_s_usage_are_those_of_its_events()
    {
        await using var services = world.Build(added => added.AddUsageStore().AddMetering().AddInvariants().AddInvariantData());
        var now = world.Clock.Now;
        var customers = new List<DemoCustomer>();
        // Zones on either side of midnight, one with a quarter of an hour, one whose clocks change.
        foreach (var company in DemoCompanies.All.Where(company => company.Currency is "INR" or "NPR" or "NZD" or "BRL" or "EUR").Take(12))
        {
            var organisation = await world.OrganisationAsync(timeZone: company.TimeZone);
            customers.Add(new DemoCustomer(company, organisation.Id, await world.ProjectAsync(organisation.Id, "Production"), Guid.Empty, "", now.AddDays(-100)));
        }

        await new DemoUsage(services.GetRequiredService<NpgsqlDataSource>()).MakeAsync(customers, now, default);

        var drift = services.GetRequiredService<CheckUsageDrift>();
        foreach (var (from, to) in new[] { (-62, 0), (-101, -62) })
        {
            var report = (await drift.RunAsync(world.Staff, new Period(now.AddDays(from), now.AddDays(to)), default)).Value;
            report.Different.ShouldBe(0);
            report.Buckets.ShouldBeGreaterThan(100);
        }

        (await services.GetRequiredService<CheckInvariants>().RunAsync(world.Staff, default)).Value.Where(result => !result.Ok).ShouldBeEmpty();
        (await world.ScalarAsync<long>("SELECT count(*) FROM usage_events WHERE \"timestamp\" > $1", now)).ShouldBe(0);
        // An event's month is the one that the organisation's calendar gives it.
        (await world.ScalarAsync<long>(
            """
            SELECT count(*) FROM usage_events e JOIN organisations o ON o.id = e.organisation_id
            WHERE e.billing_month <> extract(year FROM e."timestamp" AT TIME ZONE o.time_zone) * 12 + extract(month FROM e."timestamp" AT TIME ZONE o.time_zone) - 1 AND $1
            """, true)).ShouldBe(0);
    }

    [Fact]
    public void The_demo_s_companies_keep_the_rules_of_organisations()
    {
        DemoCompanies.All.Count.ShouldBe(40);
        DemoCompanies.All.Select(company => company.Name).Distinct().Count().ShouldBe(40);
        DemoCompanies.All.Where(company => OrganisationRules.Check(company.Profile).Count > 0).Select(company => company.Name).ShouldBeEmpty();
        // Domains that can't be anybody's.
        DemoCompanies.All.ShouldAllBe(company => company.Email.EndsWith(".example.com", StringComparison.Ordinal));
        DemoCompanies.All.Select(company => company.Country).Distinct().Count().ShouldBeGreaterThan(15);
    }
}
