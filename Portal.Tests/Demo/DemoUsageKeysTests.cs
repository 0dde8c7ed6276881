using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Metering;
using Portal.Data.Metering;
using Portal.Demo;
using Portal.Tests.Data.BillingRuns;

namespace Portal.Tests.Demo;

public sealed class DemoUsageKeysTests(BillingWorld world) : IClassFixture<BillingWorld>
{
    [Fact]
    public async Task Events_of_the_last_week_have_keys_by_which_a_repeat_is_known()
    {
        await using var services = world.Build(added => added.AddUsageStore().AddMetering());
        var now = world.Clock.Now;
        var organisation = await world.OrganisationAsync();
        var customer = new DemoCustomer(DemoCompanies.All[0], organisation.Id, await world.ProjectAsync(organisation.Id, "Production"), Guid.Empty, "", now.AddDays(-20));
        await new DemoUsage(services.GetRequiredService<NpgsqlDataSource>()).MakeAsync([customer], now, default);
        (await world.ScalarAsync<long>("SELECT count(*) FROM usage_events WHERE organisation_id = $1 AND (idempotency_key IS NOT NULL) <> (\"timestamp\" > now_is - interval '7 days') ".Replace("now_is", $"timestamptz '{now:O}'", StringComparison.Ordinal), organisation.Id)).ShouldBe(0);
        UsageEvent sent;
        await using (var db = await world.Store.OpenAsync(world.Staff.Scope, default))
            sent = await db.UsageEvents.Where(row => row.OrganisationId == organisation.Id && row.IdempotencyKey != null).OrderBy(row => row.Id).FirstAsync();

        (await SendAsync(sent.MetricValue)).ShouldBe(EventStatus.Duplicate);
        (await SendAsync(sent.MetricValue + 1)).ShouldBe(EventStatus.Rejected);

        async Task<EventStatus> SendAsync(decimal value)
        {
            var bearer = new ProjectKey
            {
                Id = Guid.CreateVersion7(now), Prefix = "bk_test", OrganisationId = organisation.Id, ProjectId = customer.ProjectId, Scopes = [], RateLimitPerHour = null, ExpiresAt = null,
                IsInForce = true, IsSuspended = false, Calendar = organisation.Calendar,
            };
            var draft = new UsageEventDraft
            {
                Index = 0, MetricName = sent.MetricName, Unit = sent.Unit, Value = UsageValue.ReadStored(value.ToString(System.Globalization.CultureInfo.InvariantCulture)), Timestamp = sent.Timestamp,
                IdempotencyKey = sent.IdempotencyKey, Metadata = null,
            };
            await using var writer = services.GetRequiredService<IUsageEventStore>().OpenWriter();
            await writer.CommitAsync([new UsageSubmission(bearer, now, [draft])], default);
            return draft.Outcome.Status;
        }
    }
}
