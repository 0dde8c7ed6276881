using System.Globalization;
using System.Text;
using Portal.Core.Metering;

namespace Portal.Tests.Core.Metering;

public class UsageEventReaderTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.Parse("2026-11-21T12:00:00Z", CultureInfo.InvariantCulture);
    private static readonly IngestOptions s_options = new() { MaxEvents = 5 };

    [Fact]
    public void The_event_of_the_manual_is_read()
    {
        var draft = ReadOne("""
            {"metricName":"api_calls","metricValue":1000,"unit":"count","timestamp":"2026-11-15T10:00:00Z","metadata":{},"idempotencyKey":"optional-unique-key"}
            """);
        draft.MetricName.ShouldBe("api_calls");
        draft.Value.ToString().ShouldBe("1000");
        draft.Unit.ShouldBe("count");
        draft.Timestamp.ShouldBe(DateTimeOffset.Parse("2026-11-15T10:00:00Z", CultureInfo.InvariantCulture));
        draft.Metadata.ShouldBe("{}");
        draft.IdempotencyKey.ShouldBe("optional-unique-key");
    }

    [Fact]
    public void What_is_optional_may_be_missing_or_null()
    {
        foreach (var rest in new[] { "", ""","timestamp":null,"metadata":null,"idempotencyKey":null,"supersedes":null""" })
        {
            var draft = ReadOne($$"""{"metricName":"m","metricValue":"1.25","unit":"GB"{{rest}}}""");
            (draft.Timestamp, draft.Metadata, draft.IdempotencyKey, draft.Supersedes).ShouldBe((null, null, null, null));
            draft.Value.ToString().ShouldBe("1.25");
        }
    }

    [Theory]
    [InlineData("""{"metricValue":1,"unit":"u"}""", "metric_name_required")]
    [InlineData("""{"metricName":null,"metricValue":1,"unit":"u"}""", "metric_name_required")]
    [InlineData("""{"metricName":"","metricValue":1,"unit":"u"}""", "metric_name_invalid")]
    [InlineData("""{"metricName":"a b","metricValue":1,"unit":"u"}""", "metric_name_invalid")]
    [InlineData("""{"metricName":"é","metricValue":1,"unit":"u"}""", "metric_name_invalid")]
    [InlineData("""{"metricName":"m\u000a","metricValue":1,"unit":"u"}""", "metric_name_invalid")]
    [InlineData("""{"metricName":7,"metricValue":1,"unit":"u"}""", "metric_name_invalid")]
    [InlineData("""{"metricName":["m"],"metricValue":1,"unit":"u"}""", "metric_name_invalid")]
    [InlineData("""{"metricName":"m","unit":"u"}""", "metric_value_required")]
    [InlineData("""{"metricName":"m","metricValue":null,"unit":"u"}""", "metric_value_required")]
    [InlineData("""{"metricName":"m","metricValue":"NaN","unit":"u"}""", "metric_value_invalid")]
    [InlineData("""{"metricName":"m","metricValue":true,"unit":"u"}""", "metric_value_invalid")]
    [InlineData("""{"metricName":"m","metricValue":{"a":[1]},"unit":"u"}""", "metric_value_invalid")]
    [InlineData("""{"metricName":"m","metricValue":-1,"unit":"u"}""", "metric_value_negative")]
    [InlineData("""{"metricName":"m","metricValue":1e18,"unit":"u"}""", "metric_value_too_large")]
    [InlineData("""{"metricName":"m","metricValue":1e-13,"unit":"u"}""", "metric_value_too_precise")]
    [InlineData("""{"metricName":"m","metricValue":1}""", "unit_required")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":""}""", "unit_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"  "}""", "unit_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"a\u0000b"}""", "unit_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"\ud83d"}""", "unit_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"\ude00\ud83d"}""", "unit_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","timestamp":"yesterday"}""", "timestamp_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","timestamp":1763719200}""", "timestamp_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","timestamp":"2026-11-21T12:00:00"}""", "timestamp_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","timestamp":"2026-10-17T11:59:59.999Z"}""", "timestamp_too_old")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","timestamp":"2026-11-21T12:05:00.001Z"}""", "timestamp_in_future")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","metadata":[]}""", "metadata_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","metadata":"{}"}""", "metadata_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","metadata":{"a":"\u0000"}}""", "metadata_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","metadata":{"\u0000":1}}""", "metadata_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","metadata":{"a":["\udc00"]}}""", "metadata_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","metadata":{"a":1e309}}""", "metadata_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","metadata":{"a":1e-99999999999}}""", "metadata_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","idempotencyKey":""}""", "idempotency_key_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","idempotencyKey":5}""", "idempotency_key_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","idempotencyKey":"a\u0000"}""", "idempotency_key_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","supersedes":"x"}""", "supersedes_invalid")]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u","unit":"u"}""", "duplicate_property")]
    [InlineData("""{"metricName":"m","metricValue":1,"metric\u0056alue":1,"unit":"u"}""", "duplicate_property")]
    [InlineData("""7""", "not_an_object")]
    [InlineData("""["a",{}]""", "not_an_object")]
    [InlineData("""null""", "not_an_object")]
    public void A_bad_event_is_named_and_its_neighbours_are_kept(string bad, string code)
    {
        var document = Read($$"""[{"metricName":"first","metricValue":1,"unit":"u"},{{bad}},{"metricName":"last","metricValue":2,"unit":"u"}]""");
        document.Problem.ShouldBe(DocumentProblem.None);
        document.Events.Select(draft => (draft.Index, draft.MetricName)).ShouldBe([(0, "first"), (2, "last")]);
        document.Rejected.ShouldHaveSingleItem().Index.ShouldBe(1);
        document.Rejected[0].Problem.Code.ShouldBe(code);
    }

    [Fact]
    public void Limits_of_length_count_characters_not_bytes()
    {
        ReadOne($$"""{"metricName":"{{new string('m', 100)}}","metricValue":1,"unit":"u"}""");
        Rejected($$"""{"metricName":"{{new string('m', 101)}}","metricValue":1,"unit":"u"}""").ShouldBe("metric_name_invalid");
        var fifty = string.Concat(Enumerable.Repeat("😀", 50));
        ReadOne($$"""{"metricName":"m","metricValue":1,"unit":"{{fifty}}"}""").Unit.ShouldBe(fifty);
        ReadOne($$"""{"metricName":"m","metricValue":1,"unit":"{{string.Concat(Enumerable.Repeat("\\uD83D\\uDE00", 50))}}"}""").Unit.ShouldBe(fifty);
        Rejected($$"""{"metricName":"m","metricValue":1,"unit":"{{fifty}}x"}""").ShouldBe("unit_invalid");
        ReadOne($$"""{"metricName":"m","metricValue":1,"unit":"u","idempotencyKey":"{{new string('ü', 255)}}"}""");
        Rejected($$"""{"metricName":"m","metricValue":1,"unit":"u","idempotencyKey":"{{new string('ü', 256)}}"}""").ShouldBe("idempotency_key_invalid");
    }

    [Fact]
    public void Metadata_is_kept_as_it_was_sent_up_to_8_KiB_and_64_levels()
    {
        const string Sent = """{ "b": 1.10, "a" : [ "é", "\u00e9\n", {"x":null} ], "n":1e308 }""";
        ReadOne($$"""{"metricName":"m","metricValue":1,"unit":"u","metadata":{{Sent}} }""").Metadata.ShouldBe(Sent);

        string WithMetadata(int bytes) => $$$"""{"metricName":"m","metricValue":1,"unit":"u","metadata":{"a":"{{{new string('x', bytes - 8)}}}"}}""";
        ReadOne(WithMetadata(8192)).Metadata!.Length.ShouldBe(8192);
        Rejected(WithMetadata(8193)).ShouldBe("metadata_too_large");

        string Nested(int levels) => $$$"""{"metricName":"m","metricValue":1,"unit":"u","metadata":{"a":{{{new string('[', levels)}}}{{{new string(']', levels)}}}}}""";
        ReadOne(Nested(63));
        Rejected(Nested(70)).ShouldBe("metadata_invalid");
    }

    [Fact]
    public void Times_at_the_limits_are_taken()
    {
        ReadOne("""{"metricName":"m","metricValue":1,"unit":"u","timestamp":"2026-10-17T12:00:00Z"}""");
        ReadOne("""{"metricName":"m","metricValue":1,"unit":"u","timestamp":"2026-11-21T12:05:00Z"}""");
    }

    [Fact]
    public void Escapes_mean_what_they_stand_for()
    {
        var draft = ReadOne("""{"metric\u004eame":"\u006d","metricValue":"1e\u002B2","unit":"\u0075","timestamp":"2026-11-20T05:30:00\u002B05:30","idempotencyKey":"\"\ud83d\ude00"}""");
        (draft.MetricName, draft.Value.ToString(), draft.Unit, draft.IdempotencyKey).ShouldBe(("m", "100", "u", "\"😀"));
        draft.Timestamp.ShouldBe(DateTimeOffset.Parse("2026-11-20T00:00:00Z", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Unknown_properties_are_ignored_whatever_they_hold() =>
        ReadOne("""{"x":{"metricName":[1,{"unit":2}]},"MetricName":"no","metricName":"m","y":[[]],"metricValue":1,"unit":"u","x":"\ud800"}""").MetricName.ShouldBe("m");

    [Theory]
    [InlineData("""[{"metricName":"m","metricValue":1,"unit":"u"}]""")]
    [InlineData("""{"events":[{"metricName":"m","metricValue":1,"unit":"u"}]}""")]
    [InlineData("""{"source":"x","events":[{"metricName":"m","metricValue":1,"unit":"u"}],"more":{}}""")]
    public void A_list_of_one_is_a_list(string body)
    {
        var document = Read(body);
        document.IsSingle.ShouldBeFalse();
        document.Events.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("", DocumentProblem.Malformed)]
    [InlineData("   ", DocumentProblem.Malformed)]
    [InlineData("{", DocumentProblem.Malformed)]
    [InlineData("""{"metricName":"m" "metricValue":1}""", DocumentProblem.Malformed)]
    [InlineData("""{"metricName":"m","metricValue":NaN,"unit":"u"}""", DocumentProblem.Malformed)]
    [InlineData("""{"metricName":"m","metricValue":01,"unit":"u"}""", DocumentProblem.Malformed)]
    [InlineData("""{"metricName":"m","metricValue":1,"unit":"u"} {}""", DocumentProblem.Malformed)]
    [InlineData("""[{"metricName":"m","metricValue":1,"unit":"u"},]""", DocumentProblem.Malformed)]
    [InlineData("""[{"metricName":"m","metricValue":1,"unit":"u"}""", DocumentProblem.Malformed)]
    [InlineData("/* c */ []", DocumentProblem.Malformed)]
    [InlineData("[]", DocumentProblem.NoEvents)]
    [InlineData("7", DocumentProblem.NoEvents)]
    [InlineData("\"text\"", DocumentProblem.NoEvents)]
    [InlineData("null", DocumentProblem.NoEvents)]
    [InlineData("""{"events":[]}""", DocumentProblem.NoEvents)]
    [InlineData("""{"events":{}}""", DocumentProblem.NoEvents)]
    [InlineData("""{"events":null}""", DocumentProblem.NoEvents)]
    [InlineData("""{"events":[{"metricName":"m","metricValue":1,"unit":"u"}],"unit":"u"}""", DocumentProblem.Ambiguous)]
    [InlineData("""{"events":[],"events":[{"metricName":"m","metricValue":1,"unit":"u"}]}""", DocumentProblem.Ambiguous)]
    [InlineData("[1,2,3,4,5,6]", DocumentProblem.TooManyEvents)]
    [InlineData("""{"events":[1,2,3,4,5,6]}""", DocumentProblem.TooManyEvents)]
    public void A_body_that_is_no_list_of_events_is_refused_as_a_whole(string body, DocumentProblem problem)
    {
        var document = Read(body);
        document.Problem.ShouldBe(problem);
        document.Events.ShouldBeEmpty();
    }

    [Fact]
    public void A_body_that_is_not_UTF_8_is_refused_and_a_byte_order_mark_is_not()
    {
        UsageEventReader.ReadJson([.. "{\"metricName\":\"m\",\"metricValue\":1,\"unit\":\""u8, 0xC3, 0x28, .. "\"}"u8], s_options, false, s_now).Problem.ShouldBe(DocumentProblem.Malformed);
        UsageEventReader.ReadJson([0xEF, 0xBB, 0xBF, .. "{\"metricName\":\"m\",\"metricValue\":1,\"unit\":\"u\"}"u8], s_options, false, s_now).Events.Count.ShouldBe(1);
    }

    [Fact]
    public void Brackets_without_end_are_refused_not_followed() =>
        Read(new string('[', 1_000_000)).Problem.ShouldBe(DocumentProblem.Malformed);

    [Fact]
    public void Lines_are_read_one_by_one()
    {
        var document = UsageEventReader.ReadLines(Encoding.UTF8.GetBytes("""
            {"metricName":"a","metricValue":1,"unit":"u"}

            {"metricName":"b","metricValue":
            {"metricName":"c","metricValue":1,"unit":"u"} {}
            [1]
            {"metricName":"d","metricValue":1,"unit":"u"}
            """.Replace("\n", "\r\n", StringComparison.Ordinal)), s_options, false, s_now);
        document.Problem.ShouldBe(DocumentProblem.None);
        document.IsSingle.ShouldBeFalse();
        document.Events.Select(draft => (draft.Index, draft.MetricName)).ShouldBe([(0, "a"), (4, "d")]);
        document.Rejected.Select(rejected => (rejected.Index, rejected.Problem.Code)).ShouldBe([(1, "malformed_json"), (2, "malformed_json"), (3, "not_an_object")]);
    }

    [Fact]
    public void Too_many_lines_are_refused_as_a_whole() =>
        UsageEventReader.ReadLines(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{}\n", 6))), s_options, false, s_now).Problem.ShouldBe(DocumentProblem.TooManyEvents);

    [Fact]
    public void A_correction_needs_its_scope()
    {
        const string Body = """{"metricName":"m","metricValue":1,"unit":"u","supersedes":"01932f3b-0000-7000-8000-000000000001"}""";
        Rejected(Body).ShouldBe("insufficient_scope");
        UsageEventReader.ReadJson(Encoding.UTF8.GetBytes(Body), s_options, mayCorrect: true, s_now).Events.ShouldHaveSingleItem()
            .Supersedes.ShouldBe(Guid.Parse("01932f3b-0000-7000-8000-000000000001"));
    }

    private static UsageDocument Read(string body) => UsageEventReader.ReadJson(Encoding.UTF8.GetBytes(body), s_options, mayCorrect: body.Contains("\"supersedes\":\"x\"", StringComparison.Ordinal), s_now);

    private static UsageEventDraft ReadOne(string body)
    {
        var document = Read(body);
        document.Rejected.Select(rejected => rejected.Problem.Code).ShouldBeEmpty();
        document.IsSingle.ShouldBeTrue();
        return document.Events.ShouldHaveSingleItem();
    }

    private static string Rejected(string body) => Read(body).Rejected.ShouldHaveSingleItem().Problem.Code;
}
