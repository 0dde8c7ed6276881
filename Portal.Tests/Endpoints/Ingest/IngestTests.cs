using System.Net;
using System.Text;
using System.Text.Json;

namespace Portal.Tests.Endpoints.Ingest;

public sealed class IngestTests : IAsyncLifetime
{
    private IngestHost _host = null!;

    public async Task InitializeAsync() => _host = await IngestHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task One_event_is_answered_with_its_id_once_it_is_stored()
    {
        var (status, body, answer) = await _host.PostAsync("""{"metricName":"api_calls","metricValue":1000.25,"unit":"count","timestamp":"2026-11-15T10:07:00Z","metadata":{"b":[1],"a":"é"},"idempotencyKey":"k1"}""");
        status.ShouldBe(HttpStatusCode.Accepted);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        body.GetProperty("status").GetString().ShouldBe("accepted");
        var id = body.GetProperty("id").GetGuid();
        id.Version.ShouldBe(7);
        (await _host.ScalarAsync<string>(
            $"""
            SELECT concat_ws('|', organisation_id, project_id, metric_name, metric_value, unit, "timestamp" AT TIME ZONE 'UTC', idempotency_key, metadata, supersedes, billing_month / 12, billing_month % 12 + 1)
            FROM usage_events WHERE id = '{id}'
            """)).ShouldBe($$"""{{_host.Organisation.Id}}|{{_host.Project.Id}}|api_calls|1000.25|count|2026-11-15 10:07:00|k1|{"a": "é", "b": [1]}|2026|11""");
        (await _host.ScalarAsync<string>("""SELECT concat_ws('|', bucket_start AT TIME ZONE 'UTC', total_value, event_count) FROM usage_buckets""")).ShouldBe("2026-11-15 10:00:00|1000.25|1");
        (await _host.ScalarAsync<string>("""SELECT concat_ws('|', year, month, total_value, event_count) FROM usage_aggregates""")).ShouldBe("2026|11|1000.25|1");
        (await _host.ScalarAsync<string>("""SELECT concat_ws('|', name, unit) FROM metrics""")).ShouldBe("api_calls|count");
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task A_repeat_is_answered_with_the_id_of_the_first()
    {
        var first = await _host.PostAsync(Event("k", 5, "2026-11-20T10:00:00Z"));
        var again = await _host.PostAsync(Event("k", 5, "2026-11-20T10:00:00Z"));
        var sameInstant = await _host.PostAsync("""{"unit":"u","metricValue":"5.000","metricName":"m","timestamp":"2026-11-20T15:30:00+05:30","idempotencyKey":"k"}""");
        var withoutTime = await _host.PostAsync(Event("k", 5, null));
        foreach (var repeat in new[] { again, sameInstant, withoutTime })
        {
            repeat.Status.ShouldBe(HttpStatusCode.OK);
            repeat.Body.GetProperty("status").GetString().ShouldBe("duplicate");
            repeat.Body.GetProperty("id").GetGuid().ShouldBe(first.Body.GetProperty("id").GetGuid());
        }

        (await _host.ScalarAsync<long>("SELECT count(*) FROM usage_events")).ShouldBe(1);
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task A_retry_that_left_the_time_to_us_is_a_duplicate_whenever_it_comes()
    {
        await _host.PostAsync(Event("k", 5, null));
        _host.Clock.Now += TimeSpan.FromDays(89);
        (await _host.PostAsync(Event("k", 5, null))).Status.ShouldBe(HttpStatusCode.OK);
        (await _host.PostAsync(Event("k", 5, "2027-02-01T10:00:00Z"))).Status.ShouldBe(HttpStatusCode.OK);
        (await _host.ScalarAsync<long>("SELECT count(*) FROM usage_events")).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"metricName":"other","metricValue":5,"unit":"u","timestamp":"2026-11-20T10:00:00Z","idempotencyKey":"k"}""")]
    [InlineData("""{"metricName":"m","metricValue":5.000000000001,"unit":"u","timestamp":"2026-11-20T10:00:00Z","idempotencyKey":"k"}""")]
    [InlineData("""{"metricName":"m","metricValue":5,"unit":"v","timestamp":"2026-11-20T10:00:00Z","idempotencyKey":"k"}""")]
    [InlineData("""{"metricName":"m","metricValue":5,"unit":"u","timestamp":"2026-11-20T10:00:01Z","idempotencyKey":"k"}""")]
    public async Task Another_event_under_the_same_key_is_a_conflict(string other)
    {
        await _host.PostAsync(Event("k", 5, "2026-11-20T10:00:00Z"));
        var (status, body, answer) = await _host.PostAsync(other);
        status.ShouldBe(HttpStatusCode.Conflict);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        body.GetProperty("code").GetString().ShouldBe("idempotency_conflict");
        (await _host.ScalarAsync<long>("SELECT count(*) FROM usage_events")).ShouldBe(1);
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task The_same_key_in_two_projects_names_two_events()
    {
        var other = await _host.ProjectAsync(_host.Organisation.Id);
        var (_, secret) = await _host.IssueKeyAsync(_host.Organisation.Id, other.Id);
        (await _host.PostAsync(Event("k", 5, null))).Status.ShouldBe(HttpStatusCode.Accepted);
        (await _host.PostAsync(Event("k", 7, null), secret)).Status.ShouldBe(HttpStatusCode.Accepted);
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Events_without_a_key_are_never_duplicates()
    {
        await _host.PostAsync(Event(null, 5, "2026-11-20T10:00:00Z"));
        (await _host.PostAsync(Event(null, 5, "2026-11-20T10:00:00Z"))).Status.ShouldBe(HttpStatusCode.Accepted);
        (await _host.ScalarAsync<long>("SELECT count(*) FROM usage_events")).ShouldBe(2);
        (await _host.ScalarAsync<long>("SELECT count(*) FROM usage_event_keys")).ShouldBe(0);
        await _host.ShouldAgreeAsync();
    }

    [Theory]
    [InlineData("application/json", "[", ",", "]")]
    [InlineData("application/json; charset=utf-8", """{"events":[""", ",", "]}")]
    [InlineData("application/x-ndjson", "", "\n", "\n")]
    public async Task In_a_batch_good_events_are_kept_and_bad_ones_named(string contentType, string start, string separator, string end)
    {
        await _host.PostAsync(Event("seen", 1, null));
        string[] events =
        [
            Event("a", 1, null), Event("a", 1, null), Event("seen", 1, null), Event("a", 2, null), Event(null, 3, null),
            """{"metricName":"m","unit":"u"}""", Event("b", 4, "2020-01-01T00:00:00Z"), Event("seen", 9, null),
        ];
        foreach (var gzip in new[] { false, true })
        {
            var (status, body, _) = await _host.PostAsync(start + string.Join(separator, events) + end, contentType: contentType, gzip: gzip);
            status.ShouldBe(HttpStatusCode.Accepted);
            // The second time, the first is a duplicate too.
            body.GetProperty("accepted").GetInt32().ShouldBe(gzip ? 1 : 2);
            body.GetProperty("duplicates").GetInt32().ShouldBe(gzip ? 3 : 2);
            body.GetProperty("rejected").EnumerateArray().Select(item => (item.GetProperty("index").GetInt32(), item.GetProperty("code").GetString()))
                .ShouldBe([(3, "idempotency_conflict"), (5, "metric_value_required"), (6, "timestamp_too_old"), (7, "idempotency_conflict")]);
            body.GetProperty("rejected")[0].GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        }

        (await _host.ScalarAsync<decimal>("SELECT total_value FROM usage_aggregates")).ShouldBe(1 + 1 + 3 + 3);
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task A_batch_of_which_nothing_can_be_accepted_is_422_and_one_of_duplicates_is_not()
    {
        var (status, body, answer) = await _host.PostAsync("[{},7]");
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        body.GetProperty("code").GetString().ShouldBe("all_rejected");
        body.GetProperty("status").GetInt32().ShouldBe(422);
        body.GetProperty("rejected").GetArrayLength().ShouldBe(2);

        await _host.PostAsync($"[{Event("a", 1, null)}]");
        (status, body, _) = await _host.PostAsync($"[{Event("a", 1, null)}]");
        status.ShouldBe(HttpStatusCode.Accepted);
        (body.GetProperty("accepted").GetInt32(), body.GetProperty("duplicates").GetInt32()).ShouldBe((0, 1));
    }

    [Theory]
    [InlineData("""{"metricName":"m","metricValue":-1,"unit":"u"}""", 422, "metric_value_negative")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","timestamp":"2027-11-21T12:00:00Z"}""", 422, "timestamp_in_future")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","supersedes":"nothing"}""", 422, "supersedes_invalid")]
    [InlineData("""{"metricName":"m",""", 400, "malformed_json")]
    [InlineData("", 400, "malformed_json")]
    [InlineData("[]", 422, "no_events")]
    [InlineData("12", 422, "no_events")]
    public async Task A_refusal_is_a_problem_with_a_stable_code(string sent, int status, string code)
    {
        var answer = await _host.PostAsync(sent);
        ((int)answer.Status).ShouldBe(status);
        answer.Answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        answer.Body.GetProperty("code").GetString().ShouldBe(code);
        answer.Body.GetProperty("status").GetInt32().ShouldBe(status);
        answer.Body.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Limits_of_count_and_size_hold_also_when_packed()
    {
        var many = new StringBuilder("[").AppendJoin(',', Enumerable.Repeat("""{"metricName":"m","metricValue":1,"unit":"u"}""", 10_000)).Append(']').ToString();
        var (status, body, _) = await _host.PostAsync(many, gzip: true);
        status.ShouldBe(HttpStatusCode.Accepted);
        body.GetProperty("accepted").GetInt32().ShouldBe(10_000);
        (status, body, _) = await _host.PostAsync($"[{{}},{many[1..]}");
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        body.GetProperty("code").GetString().ShouldBe("too_many_events");

        var large = new string(' ', (8 * 1024 * 1024) + 1);
        (status, body, _) = await _host.PostAsync(large);
        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        body.GetProperty("code").GetString().ShouldBe("too_large");
        (await _host.PostAsync(large, gzip: true)).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var chunked = new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes(large)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/ingest") { Content = chunked, Headers = { TransferEncodingChunked = true } };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {_host.Key}");
        (await _host.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);

        var atLimit = Event("k", 1, null);
        (await _host.PostAsync(atLimit + new string(' ', (8 * 1024 * 1024) - atLimit.Length))).Status.ShouldBe(HttpStatusCode.Accepted);
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task What_says_it_is_gzip_and_is_not_or_is_cut_off_is_unreadable()
    {
        async Task<(HttpStatusCode, string?)> SendAsync(byte[] bytes, string encoding)
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/x-ndjson");
            var (status, body, _) = await IngestHost.SendAsync(_host.Http, content, _host.Key);
            return (status, body.TryGetProperty("code", out var code) ? code.GetString() : null);
        }

        var packed = IngestHost.Gzip(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 2000).Select(number => Event($"k{number}", number, null)))));
        (await SendAsync("not gzip at all"u8.ToArray(), "gzip")).ShouldBe((HttpStatusCode.BadRequest, "malformed_gzip"));
        (await SendAsync(packed[..(packed.Length / 2)], "gzip")).ShouldBe((HttpStatusCode.BadRequest, "malformed_gzip"));
        (await SendAsync(packed[..^4], "gzip")).ShouldBe((HttpStatusCode.BadRequest, "malformed_gzip"));
        (await SendAsync(packed, "br")).ShouldBe((HttpStatusCode.UnsupportedMediaType, "unsupported_encoding"));
        (await SendAsync(packed, "gzip, gzip")).ShouldBe((HttpStatusCode.UnsupportedMediaType, "unsupported_encoding"));
        (await _host.ScalarAsync<long>("SELECT count(*) FROM usage_events")).ShouldBe(0);
        (await SendAsync(packed, "GZIP")).ShouldBe((HttpStatusCode.Accepted, null));
    }

    [Fact]
    public async Task The_largest_and_finest_values_are_stored_and_summed_exactly()
    {
        var (status, _, _) = await _host.PostAsync($"[{string.Join(',', Enumerable.Repeat("""{"metricName":"m","metricValue":999999999999999999.999999999999,"unit":"u"}""", 3))},{Event(null, 0, null)},{"""{"metricName":"m","metricValue":"0.000000000001","unit":"u"}"""}]");
        status.ShouldBe(HttpStatusCode.Accepted);
        (await _host.ScalarAsync<string>("SELECT total_value::text FROM usage_aggregates")).ShouldBe("2999999999999999999.999999999998");
        (await _host.ScalarAsync<string>("SELECT max(metric_value)::text FROM usage_events")).ShouldBe("999999999999999999.999999999999");
        // Large transactions travel by COPY.
        await _host.PostAsync($"[{string.Join(',', Enumerable.Range(0, 600).Select(number => $$$"""{"metricName":"copied","metricValue":{{{number}}}.0{{{number}}},"unit":"u","metadata":{"n":{{{number}}}}}"""))}]");
        (await _host.ScalarAsync<decimal>("SELECT total_value FROM usage_aggregates WHERE metric_name = 'copied'"))
            .ShouldBe(Enumerable.Range(0, 600).Sum(number => decimal.Parse($"{number}.0{number}", System.Globalization.CultureInfo.InvariantCulture)));
        (await _host.ScalarAsync<long>("SELECT count(*) FROM usage_events WHERE metric_name = 'copied' AND metadata->>'n' = trunc(metric_value)::text")).ShouldBe(600);
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task The_month_turns_at_midnight_of_the_organisation()
    {
        _host.Clock.Now = new DateTimeOffset(2026, 4, 2, 0, 0, 0, TimeSpan.Zero);
        await _host.PostAsync($"[{Event("before", 1, "2026-03-31T18:29:59.999999Z")},{Event("after", 2, "2026-03-31T18:30:00Z")}]");
        (await _host.ScalarAsync<string>("SELECT string_agg(concat_ws('-', year, month) || '=' || total_value, ' ' ORDER BY year, month) FROM usage_aggregates")).ShouldBe("2026-3=1 2026-4=2");
        // Written for times without a partition: it is made.
        (await _host.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname IN ('usage_events_2026_03')")).ShouldBe(1);
        await _host.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Other_methods_are_not_served()
    {
        var answer = await _host.Http.GetAsync("/api/v1/ingest");
        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    private static string Event(string? key, decimal value, string? timestamp) => JsonSerializer.Serialize(
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["metricName"] = "m", ["metricValue"] = value, ["unit"] = "u", ["timestamp"] = timestamp, ["idempotencyKey"] = key });
}
