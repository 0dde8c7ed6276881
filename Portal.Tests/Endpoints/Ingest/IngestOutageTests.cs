using System.Net;
using Npgsql;
using Portal.Core.Metering;
using Portal.Tests.Support;

namespace Portal.Tests.Endpoints.Ingest;

/// <summary>What a client sees when the database is slow, full or away.</summary>
public sealed class IngestOutageTests
{
    private const string Body = """{"metricName":"m","metricValue":1,"unit":"u"}""";

    [Fact]
    public async Task When_the_queue_is_full_the_answer_is_503_and_what_was_taken_in_is_still_committed()
    {
        await using var host = await IngestHost.StartAsync(("Ingest:MaxQueuedEvents", "10"));
        (await host.PostAsync(Body)).Status.ShouldBe(HttpStatusCode.Accepted);
        await using var holder = new NpgsqlConnection(host.ConnectionString);
        await holder.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("LOCK TABLE usage_buckets IN ACCESS EXCLUSIVE MODE", holder, transaction))
            await hold.ExecuteNonQueryAsync();

        var waiting = Enumerable.Range(0, 10).Select(_ => host.PostAsync(Body)).ToList();
        await Eventually.HoldsAsync(() => host.Get<IngestQueue>().QueuedEvents == 10, "the queue is full");
        var (status, body, answer) = await host.PostAsync(Body);
        (status, body.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.ServiceUnavailable, "unavailable"));
        answer.Headers.RetryAfter.ShouldNotBeNull();

        await transaction.RollbackAsync();
        (await Task.WhenAll(waiting)).ShouldAllBe(result => result.Status == HttpStatusCode.Accepted);
        (await host.PostAsync(Body)).Status.ShouldBe(HttpStatusCode.Accepted);
        (await host.ScalarAsync<long>("SELECT count(*) FROM usage_events")).ShouldBe(12);
        await host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task A_request_whose_turn_does_not_come_is_taken_back_and_never_stored()
    {
        await using var host = await IngestHost.StartAsync(("Ingest:QueueTimeout", "00:00:00.5"), ("Ingest:MaxGather", "1"));
        await using var holder = new NpgsqlConnection(host.ConnectionString);
        await holder.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("LOCK TABLE usage_buckets IN ACCESS EXCLUSIVE MODE", holder, transaction))
            await hold.ExecuteNonQueryAsync();
        var first = host.PostAsync(Body);
        await Eventually.HoldsAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") == 1, "the first is being committed");
        (await host.PostAsync(Body)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await transaction.RollbackAsync();
        (await first).Status.ShouldBe(HttpStatusCode.Accepted);
        (await host.PostAsync(Body)).Status.ShouldBe(HttpStatusCode.Accepted);
        (await host.ScalarAsync<long>("SELECT count(*) FROM usage_events")).ShouldBe(2);
    }

    [Fact]
    public async Task While_the_database_is_away_the_answer_is_503_and_afterwards_all_is_well_again()
    {
        CuttableProxy? proxy = null;
        await using var host = await IngestHost.StartAsync(address =>
        {
            var server = new NpgsqlConnectionStringBuilder(address);
            proxy = new CuttableProxy(server.Host!, server.Port);
            return new NpgsqlConnectionStringBuilder(address) { Host = "127.0.0.1", Port = proxy.Port, Timeout = 2 }.ConnectionString;
        });
        await using var cut = proxy!;
        (await host.PostAsync(Body)).Status.ShouldBe(HttpStatusCode.Accepted);
        for (var round = 0; round < 2; round++)
        {
            cut.Cut();
            var (status, _, answer) = await host.PostAsync(Body);
            status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            cut.Mend();
            await Eventually.HoldsAsync(async () => (await host.PostAsync(Body)).Status == HttpStatusCode.Accepted, "events are taken again", TimeSpan.FromSeconds(30));
        }

        await host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Connections_that_die_under_load_lose_nothing_that_was_acknowledged_and_count_nothing_twice()
    {
        await using var host = await IngestHost.StartAsync(("Ingest:Writers", "2"));
        var next = 0;
        var acknowledged = 0;
        using var done = new CancellationTokenSource();
        var killing = Task.Run(async () =>
        {
            for (var kill = 0; kill < 25; kill++)
            {
                await host.ScalarAsync<long>("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
                var seen = Volatile.Read(ref acknowledged);
                await Eventually.HoldsAsync(() => Volatile.Read(ref acknowledged) >= seen + 20, "events go on being taken");
            }

            await done.CancelAsync();
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!done.IsCancellationRequested)
            {
                var body = $$"""{"metricName":"m","metricValue":2,"unit":"u","idempotencyKey":"k{{Interlocked.Increment(ref next)}}"}""";
                HttpStatusCode status;
                do
                {
                    (status, var __, var ___) = await host.PostAsync(body);
                    status.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable);
                }
                while (status == HttpStatusCode.ServiceUnavailable);
                Interlocked.Increment(ref acknowledged);
            }
        }));
        await killing;
        (await host.ScalarAsync<long>("SELECT count(*) FROM usage_events")).ShouldBe(acknowledged);
        acknowledged.ShouldBe(next);
        await host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task An_event_that_the_database_refuses_does_not_take_its_neighbours_with_it()
    {
        await using var host = await IngestHost.StartAsync();
        await host.PostAsync(Body);
        // A rule that the reader does not know of, as a bug of ours would be.
        await host.ExecuteAsync("ALTER TABLE usage_events ADD CONSTRAINT odd CHECK (metric_value <> 13)");
        var answers = await Task.WhenAll(Enumerable.Range(1, 40).Select(number => host.PostAsync($$"""{"metricName":"m","metricValue":{{number}},"unit":"u","idempotencyKey":"k{{number}}"}""")));
        answers.Count(answer => answer.Status == HttpStatusCode.Accepted).ShouldBe(39);
        answers[12].Status.ShouldBe(HttpStatusCode.InternalServerError);
        answers[12].Body.GetProperty("code").GetString().ShouldBe("internal");
        await host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Two_writers_that_touch_the_same_rows_in_other_orders_do_not_block_each_other_for_ever()
    {
        await using var host = await IngestHost.StartAsync(("Ingest:Writers", "4"), ("Ingest:MaxGather", "50"));
        await Parallel.ForAsync(0, 12, async (sender, _) =>
        {
            var random = new Random(sender);
            for (var round = 0; round < 15; round++)
            {
                var keys = Enumerable.Range(0, 40).OrderBy(__ => random.Next()).ToList();
                var events = keys.Select(key => $$"""{"metricName":"m{{key % 7}}","metricValue":1,"unit":"u{{key % 3}}","idempotencyKey":"r{{round}}k{{key}}"}""");
                (await host.PostAsync($"[{string.Join(',', events)}]")).Status.ShouldBe(HttpStatusCode.Accepted);
            }
        });
        (await host.ScalarAsync<long>("SELECT count(*) FROM usage_events")).ShouldBe(15 * 40);
        (await host.ScalarAsync<long>("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")).ShouldBe(0);
        await host.ShouldAgreeAsync();
    }
}
