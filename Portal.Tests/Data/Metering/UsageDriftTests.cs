using Portal.Core.Access;
using Portal.Core.Metering;
using Portal.Tests.Endpoints.Ingest;

namespace Portal.Tests.Data.Metering;

public sealed class UsageDriftTests : IAsyncLifetime
{
    private static readonly Period s_span = new(IngestHost.Start.AddDays(-35), IngestHost.Start.AddDays(1));
    private IngestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await IngestHost.StartAsync();
        var events = Enumerable.Range(0, 500).Select(number => $$"""{"metricName":"m{{number % 3}}","metricValue":{{number}}.000000000001,"unit":"u","timestamp":"{{IngestHost.Start.AddHours(-number):O}}","idempotencyKey":"k{{number}}"}""");
        (await _host.PostAsync($"[{string.Join(',', events)}]")).Status.ShouldBe(System.Net.HttpStatusCode.Accepted);
        var large = await _host.PostAsync("""{"metricName":"large","metricValue":999999999999999999.999999999999,"unit":"u"}""");
        (await _host.PostAsync($$"""{"metricName":"m0","metricValue":7,"unit":"u","supersedes":"{{large.Body.GetProperty("id").GetGuid()}}"}""")).Status.ShouldBe(System.Net.HttpStatusCode.Accepted);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Sums_that_were_kept_with_their_events_show_no_drift()
    {
        var report = await CheckAsync();
        report.IsClean.ShouldBeTrue();
        // 499 quarters of an hour and the two rows of now; the row of the corrected metric is kept at nothing.
        report.Buckets.ShouldBe(501);
        report.Months.ShouldBe(6);
    }

    [Theory]
    [InlineData("UPDATE usage_buckets SET total_value = total_value + 0.000000000001 WHERE metric_name = 'm1' AND bucket_start = '2026-11-21T11:00Z'", 1)]
    [InlineData("UPDATE usage_buckets SET event_count = event_count + 1 WHERE metric_name = 'm1' AND bucket_start = '2026-11-21T11:00Z'", 1)]
    [InlineData("DELETE FROM usage_buckets WHERE metric_name = 'm1' AND bucket_start = '2026-11-21T11:00Z'", 1)]
    [InlineData("UPDATE usage_aggregates SET total_value = total_value - 1 WHERE metric_name = 'm1'", 2)]
    [InlineData("DELETE FROM usage_aggregates WHERE metric_name = 'm2' AND month = 11", 1)]
    [InlineData("INSERT INTO usage_aggregates SELECT organisation_id, year, month, project_id, 'invented', unit, 1, 1, now() FROM usage_aggregates LIMIT 1", 1)]
    public async Task A_sum_that_differs_is_named(string damage, int different)
    {
        await _host.ExecuteAsync(damage);
        var report = await CheckAsync();
        report.Different.ShouldBe(different);
        report.Examples.Count.ShouldBe(different);
        report.Examples.ShouldAllBe(drift => drift.OrganisationId == _host.Organisation.Id && (drift.Kept != drift.Counted || drift.KeptEvents != drift.CountedEvents));
    }

    [Fact]
    public async Task Under_load_there_is_no_drift_either()
    {
        var sending = Task.WhenAll(Enumerable.Range(0, 4).Select(async sender =>
        {
            for (var number = 0; number < 60; number++)
                await _host.PostAsync($$"""[{"metricName":"m1","metricValue":1,"unit":"u"},{"metricName":"s{{sender}}","metricValue":{{number}},"unit":"u"}]""");
        }));
        while (!sending.IsCompleted)
            (await CheckAsync()).IsClean.ShouldBeTrue();
        await sending;
        (await CheckAsync()).IsClean.ShouldBeTrue();
    }

    [Fact]
    public async Task Only_staff_and_the_system_may_look()
    {
        var check = _host.Get<CheckUsageDrift>();
        (await check.RunAsync(_host.Staff.Within(_host.Organisation.Id), s_span, default)).Failure.Code.ShouldBe("forbidden");
        (await check.RunAsync(CallContext.System("drift", "compares sums with events"), s_span, default)).Value.IsClean.ShouldBeTrue();
        (await check.RunAsync(_host.Staff, new Period(s_span.Start, s_span.Start), default)).Failure.Field.ShouldBe("to");
        (await check.RunAsync(_host.Staff, new Period(s_span.Start, s_span.Start.AddDays(63)), default)).Failure.Field.ShouldBe("to");
    }

    private async Task<UsageDriftReport> CheckAsync() => (await _host.Get<CheckUsageDrift>().RunAsync(_host.Staff, s_span, default)).Value;
}
