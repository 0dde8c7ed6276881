using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Portal.Tests.Endpoints.Ingest;

/// <summary>What is stored when many write at once, and what corrections do to it.</summary>
public sealed class IngestStoreTests : IAsyncLifetime
{
    private IngestHost _host = null!;

    public async Task InitializeAsync() => _host = await IngestHost.StartAsync(("Ingest:Writers", "3"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Fifty_repeats_at_once_over_two_nodes_are_one_event()
    {
        var (app, second) = await _host.SecondNodeAsync();
        await using var node = app;
        using var http = second;
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async number =>
        {
            using var content = new StringContent("""{"metricName":"m","metricValue":3,"unit":"u","idempotencyKey":"same"}""");
            return await IngestHost.SendAsync(number % 2 == 0 ? _host.Http : http, content, _host.Key);
        }));
        answers.Count(answer => answer.Status == HttpStatusCode.Accepted).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(49);
        answers.Select(answer => answer.Body.GetProperty("id").GetGuid()).Distinct().ShouldHaveSingleItem();
        (await _host.ScalarAsync<long>("SELECT count(*) FROM usage_events")).ShouldBe(1);
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Different_events_at_once_under_one_key_are_one_event_and_conflicts()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(number => _host.PostAsync($$"""{"metricName":"m","metricValue":{{number}},"unit":"u","idempotencyKey":"same"}""")));
        answers.Count(answer => answer.Status == HttpStatusCode.Accepted).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Conflict).ShouldBe(29);
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Overlapping_batches_from_many_senders_on_two_nodes_store_each_event_once()
    {
        var (app, second) = await _host.SecondNodeAsync();
        await using var node = app;
        using var http = second;
        var organisations = new List<(Guid Organisation, string Key)> { (_host.Organisation.Id, _host.Key) };
        foreach (var zone in new[] { "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe" })
        {
            var organisation = await _host.OrganisationAsync(zone);
            organisations.Add((organisation.Id, (await _host.IssueKeyAsync(organisation.Id, (await _host.ProjectAsync(organisation.Id)).Id)).Secret));
        }

        var accepted = 0;
        await Parallel.ForAsync(0, 24, async (sender, _) =>
        {
            var random = new Random(sender);
            foreach (var size in new[] { 1, 7, 300, 40, 700 })
            {
                var (_, key) = organisations[sender % organisations.Count];
                var events = Enumerable.Range(0, size).Select(__ => Event(random.Next(2000)));
                using var content = new StringContent($"[{string.Join(',', events)}]");
                var (status, body, ___) = await IngestHost.SendAsync(sender % 3 == 0 ? http : _host.Http, content, key);
                status.ShouldBe(HttpStatusCode.Accepted, body.ToString());
                body.GetProperty("rejected").GetArrayLength().ShouldBe(0);
                (body.GetProperty("accepted").GetInt32() + body.GetProperty("duplicates").GetInt32()).ShouldBe(size);
                Interlocked.Add(ref accepted, body.GetProperty("accepted").GetInt32());
            }
        });

        (await _host.ScalarAsync<long>("SELECT count(*) FROM usage_events")).ShouldBe(accepted);
        (await _host.ScalarAsync<long>("SELECT count(*) - count(DISTINCT (project_id, idempotency_key)) FROM usage_events")).ShouldBe(0);
        await _host.ShouldAgreeAsync();

        // The body follows from the key, so that a repeat is the same event.
        static string Event(int number) => JsonSerializer.Serialize(new
        {
            metricName = $"metric{number % 5}",
            metricValue = number / 8m,
            unit = "u",
            timestamp = IngestHost.Start.AddMinutes(-number * 20).ToString("O", CultureInfo.InvariantCulture),
            idempotencyKey = $"key-{number}",
        });
    }

    [Fact]
    public async Task However_a_batch_is_split_the_totals_are_the_same()
    {
        var random = new Random(7);
        var events = Enumerable.Range(0, 900).Select(number => $$"""{"metricName":"m{{number % 3}}","metricValue":{{random.Next(1_000_000)}}.{{random.Next(1_000_000):D6}},"unit":"u","timestamp":"{{IngestHost.Start.AddHours(-random.Next(800)):O}}","idempotencyKey":"k{{number}}"}""").ToList();
        List<string> totals = [];
        foreach (var sizes in new[] { new[] { 900 }, [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 292], [300, 300, 300] })
        {
            var organisation = await _host.OrganisationAsync();
            var (_, key) = await _host.IssueKeyAsync(organisation.Id, (await _host.ProjectAsync(organisation.Id)).Id);
            var offset = 0;
            foreach (var size in sizes)
            {
                (await _host.PostAsync($"[{string.Join(',', events.Skip(offset).Take(size))}]", key)).Status.ShouldBe(HttpStatusCode.Accepted);
                offset += size;
            }

            totals.Add(await _host.ScalarAsync<string>($"SELECT string_agg(concat_ws(':', year, month, metric_name, total_value, event_count), ' ' ORDER BY year, month, metric_name) FROM usage_aggregates WHERE organisation_id = '{organisation.Id}'"));
        }

        totals.Distinct().ShouldHaveSingleItem();
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task A_correction_takes_the_place_of_an_event_in_bucket_and_month()
    {
        var first = await _host.PostAsync("""{"metricName":"m","metricValue":100,"unit":"u","timestamp":"2026-10-31T18:20:00Z","idempotencyKey":"a"}""");
        var id = first.Body.GetProperty("id").GetGuid();
        // Without a time it stays where the event was; with one, it moves.
        var second = await _host.PostAsync($$"""{"metricName":"m","metricValue":60,"unit":"u","supersedes":"{{id}}","idempotencyKey":"b"}""");
        second.Status.ShouldBe(HttpStatusCode.Accepted);
        (await _host.ScalarAsync<string>("SELECT concat_ws(' ', year, month, total_value, event_count) FROM usage_aggregates")).ShouldBe("2026 10 60 1");
        await _host.ShouldAgreeAsync();

        var third = await _host.PostAsync($$"""{"metricName":"n","metricValue":61,"unit":"v","timestamp":"2026-11-01T00:00:00Z","supersedes":"{{second.Body.GetProperty("id").GetGuid()}}"}""");
        third.Status.ShouldBe(HttpStatusCode.Accepted);
        (await _host.ScalarAsync<string>("SELECT string_agg(concat_ws(' ', metric_name, month, total_value, event_count), ', ' ORDER BY metric_name) FROM usage_aggregates")).ShouldBe("m 10 0 0, n 11 61 1");
        (await _host.ScalarAsync<long>("SELECT count(*) FROM usage_events")).ShouldBe(3);
        await _host.ShouldAgreeAsync();

        // A repeat of the correction is a duplicate; another correction of the same event is refused, and its key stays free.
        var repeat = await _host.PostAsync($$"""{"metricName":"m","metricValue":60,"unit":"u","supersedes":"{{id}}","idempotencyKey":"b"}""");
        (repeat.Status, repeat.Body.GetProperty("id").GetGuid()).ShouldBe((HttpStatusCode.OK, second.Body.GetProperty("id").GetGuid()));
        var again = await _host.PostAsync($$"""{"metricName":"m","metricValue":70,"unit":"u","supersedes":"{{id}}","idempotencyKey":"c"}""");
        (again.Status, again.Body.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.UnprocessableEntity, "already_superseded"));
        (await _host.PostAsync("""{"metricName":"m","metricValue":1,"unit":"u","idempotencyKey":"c"}""")).Status.ShouldBe(HttpStatusCode.Accepted);
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Only_events_of_the_own_project_can_be_corrected()
    {
        var other = await _host.ProjectAsync(_host.Organisation.Id);
        var (_, otherKey) = await _host.IssueKeyAsync(_host.Organisation.Id, other.Id);
        var id = (await _host.PostAsync("""{"metricName":"m","metricValue":100,"unit":"u"}""", otherKey)).Body.GetProperty("id").GetGuid();
        var (status, body, _) = await _host.PostAsync($$"""[{"metricName":"m","metricValue":1,"unit":"u","supersedes":"{{id}}"},{"metricName":"m","metricValue":2,"unit":"u"}]""");
        status.ShouldBe(HttpStatusCode.Accepted);
        body.GetProperty("rejected")[0].GetProperty("code").GetString().ShouldBe("superseded_not_found");
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Of_many_corrections_of_one_event_at_once_one_counts()
    {
        var id = (await _host.PostAsync("""{"metricName":"m","metricValue":100,"unit":"u"}""")).Body.GetProperty("id").GetGuid();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => _host.PostAsync($$"""{"metricName":"m","metricValue":{{number}},"unit":"u","supersedes":"{{id}}","idempotencyKey":"k{{number}}"}""")));
        answers.Count(answer => answer.Status == HttpStatusCode.Accepted).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.Accepted).ShouldAllBe(answer => answer.Body.GetProperty("code").GetString() == "already_superseded");
        (await _host.ScalarAsync<long>("SELECT count(*) FROM usage_events")).ShouldBe(2);
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Whatever_is_sent_is_answered_and_never_with_a_fault_of_ours()
    {
        var random = new Random(20261121);
        string[] values = ["0", "1", "-1", "1e5", "1e400", "0.1234567890123", "\"12\"", "\"x\"", "null", "true", "[]", "{}", "\"\\u0000\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"2026-11-20T00:00:00Z\"", "\"m\"", "\"u\"", "\"\"",
            "{\"a\":\"\\u0000\"}", "{\"a\":[1,{\"b\":1e999}]}", "{\"\\ud800\":1}", "\"" + new string('k', 300) + "\"", "{\"deep\":" + new string('[', 100) + new string(']', 100) + "}", "{\"big\":\"" + new string('b', 9000) + "\"}", "\"\t\"", "NaN", "'x'"];
        string[] names = ["metricName", "metricValue", "unit", "timestamp", "metadata", "idempotencyKey", "supersedes", "events", "x", "\\u0075nit"];
        string Event()
        {
            var members = new List<string> { "\"metricName\":\"m\"", "\"metricValue\":1", "\"unit\":\"u\"" };
            for (var change = random.Next(4); change > 0; change--)
                members.Insert(random.Next(members.Count + 1), $"\"{names[random.Next(names.Length)]}\":{values[random.Next(values.Length)]}");
            if (random.Next(3) == 0)
                members.RemoveAt(random.Next(members.Count));
            return $"{{{string.Join(',', members)}}}";
        }

        for (var round = 0; round < 1500; round++)
        {
            var body = random.Next(4) switch
            {
                0 => Event(),
                1 => $"[{string.Join(',', Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(6) == 0 ? values[random.Next(values.Length)] : Event()))}]",
                2 => $"{{\"events\":[{string.Join(',', Enumerable.Range(0, random.Next(5)).Select(_ => Event()))}]}}",
                _ => string.Join('\n', Enumerable.Range(0, random.Next(5)).Select(_ => Event())),
            };
            if (random.Next(5) == 0)
            {
                var at = random.Next(body.Length + 1);
                body = random.Next(2) == 0 ? body[..at] : body.Insert(at, values[random.Next(values.Length)]);
            }

            var (status, _, _) = await _host.PostAsync(body, contentType: random.Next(3) == 0 ? "application/x-ndjson" : "application/json");
            ((int)status).ShouldBeOneOf([200, 202, 400, 409, 422], body);
        }

        await _host.ShouldAgreeAsync();
    }
}
