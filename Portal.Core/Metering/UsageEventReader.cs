using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Portal.Core.Metering;

/// <summary>
/// Reads the body of an ingest request: one event, an array of events, <c>{"events":[...]}</c>, or one event per line. Values never pass
/// through a double. Property names are case-sensitive; unknown ones are ignored; a known one that stands twice is refused.
/// </summary>
public ref struct UsageEventReader
{
    // Deep enough for metadata's own limit to be met first in any sensible body; deeper ones are not read at all.
    private const int MaxDepth = 256;

    // Of a time, a number or an id that is written with escapes.
    private const int LongestEscaped = 256;

    private readonly ReadOnlySpan<byte> _body;
    private readonly IngestOptions _options;
    private readonly bool _mayCorrect;
    private readonly DateTimeOffset _oldest;
    private readonly DateTimeOffset _latest;
    private readonly List<UsageEventDraft> _events;
    private readonly List<RejectedEvent> _rejected;
    private int _count;

    private UsageEventReader(ReadOnlySpan<byte> body, IngestOptions options, bool mayCorrect, DateTimeOffset now, List<UsageEventDraft> events, List<RejectedEvent> rejected)
    {
        _body = body;
        (_options, _mayCorrect, _events, _rejected) = (options, mayCorrect, events, rejected);
        (_oldest, _latest) = (now - options.MaxAge, now + options.MaxAhead);
    }

    [Flags]
    private enum Seen
    {
        None = 0,
        MetricName = 1,
        MetricValue = 2,
        Unit = 4,
        Timestamp = 8,
        Metadata = 16,
        IdempotencyKey = 32,
        Supersedes = 64,
        Events = 128,
    }

    /// <summary>Reads one JSON value: an event, an array of events or an envelope.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="options">The limits.</param>
    /// <param name="mayCorrect">False: events that supersede others are refused.</param>
    /// <param name="now">When the request came.</param>
    public static UsageDocument ReadJson(ReadOnlySpan<byte> body, IngestOptions options, bool mayCorrect, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(options);
        body = WithoutMark(body);
        if (!Utf8.IsValid(body))
            return UsageDocument.Refused(DocumentProblem.Malformed);
        try
        {
            return new UsageEventReader(body, options, mayCorrect, now, [], []).ReadValue();
        }
        catch (JsonException)
        {
            return UsageDocument.Refused(DocumentProblem.Malformed);
        }
    }

    /// <summary>Reads one event per line; blank lines don't count. A line that can't be read is one bad event, not a bad body.</summary>
    public static UsageDocument ReadLines(ReadOnlySpan<byte> body, IngestOptions options, bool mayCorrect, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(options);
        body = WithoutMark(body);
        if (!Utf8.IsValid(body))
            return UsageDocument.Refused(DocumentProblem.Malformed);
        List<UsageEventDraft> events = [];
        List<RejectedEvent> rejected = [];
        var index = 0;
        foreach (var range in body.Split((byte)'\n'))
        {
            var line = body[range].Trim(" \t\r"u8);
            if (line.IsEmpty)
                continue;
            if (index == options.MaxEvents)
                return UsageDocument.Refused(DocumentProblem.TooManyEvents);
            new UsageEventReader(line, options, mayCorrect, now, events, rejected) { _count = index++ }.ReadLine();
        }

        return index == 0 ? UsageDocument.Refused(DocumentProblem.NoEvents) : new UsageDocument(false, events, rejected);
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> body) => body.StartsWith("\uFEFF"u8) ? body[3..] : body;

    private UsageDocument ReadValue()
    {
        var json = new Utf8JsonReader(_body, new JsonReaderOptions { MaxDepth = MaxDepth });
        json.Read();
        var single = false;
        DocumentProblem problem;
        if (json.TokenType == JsonTokenType.StartArray)
            problem = ReadArray(ref json);
        else if (json.TokenType == JsonTokenType.StartObject)
            problem = ReadEventOrEnvelope(ref json, out single);
        else
            problem = DocumentProblem.NoEvents;
        if (problem != DocumentProblem.TooManyEvents && json.Read())
            problem = DocumentProblem.Malformed;
        if (problem == DocumentProblem.None && _count == 0)
            problem = DocumentProblem.NoEvents;
        return problem == DocumentProblem.None ? new UsageDocument(single, _events, _rejected) : UsageDocument.Refused(problem);
    }

    private readonly void ReadLine()
    {
        var (good, bad) = (_events.Count, _rejected.Count);
        try
        {
            var json = new Utf8JsonReader(_body, new JsonReaderOptions { MaxDepth = MaxDepth });
            json.Read();
            ReadElement(ref json);
            if (!json.Read())
                return;
        }
        catch (JsonException)
        {
            // Said below.
        }

        _events.RemoveRange(good, _events.Count - good);
        _rejected.RemoveRange(bad, _rejected.Count - bad);
        _rejected.Add(new RejectedEvent(_count, EventProblem.MalformedLine));
    }

    private DocumentProblem ReadArray(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (_count == _options.MaxEvents)
                return DocumentProblem.TooManyEvents;
            ReadElement(ref json);
            _count++;
        }

        return DocumentProblem.None;
    }

    private readonly void ReadElement(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            _rejected.Add(new RejectedEvent(_count, EventProblem.NotAnObject));
            return;
        }

        var fields = default(Fields);
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
            ReadProperty(ref json, ref fields);
        Finish(ref fields);
    }

    private DocumentProblem ReadEventOrEnvelope(ref Utf8JsonReader json, out bool single)
    {
        var fields = default(Fields);
        var envelope = false;
        var problem = DocumentProblem.None;
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            if (PropertyAt(ref json) != Seen.Events)
            {
                ReadProperty(ref json, ref fields);
                continue;
            }

            if (envelope)
                problem = DocumentProblem.Ambiguous;
            envelope = true;
            json.Read();
            if (json.TokenType != JsonTokenType.StartArray)
            {
                json.Skip();
                problem = DocumentProblem.NoEvents;
            }
            else if (ReadArray(ref json) == DocumentProblem.TooManyEvents)
            {
                single = false;
                return DocumentProblem.TooManyEvents;
            }
        }

        single = !envelope;
        if (envelope)
            return fields.Seen != Seen.None && problem == DocumentProblem.None ? DocumentProblem.Ambiguous : problem;
        Finish(ref fields);
        _count++;
        return DocumentProblem.None;
    }

    private readonly void ReadProperty(ref Utf8JsonReader json, ref Fields fields)
    {
        var property = PropertyAt(ref json) & ~Seen.Events;
        if ((fields.Seen & property) != Seen.None)
            fields.Problem ??= EventProblem.DuplicateProperty;
        fields.Seen |= property;
        json.Read();
        var problem = property switch
        {
            Seen.MetricName => ReadMetricName(ref json, ref fields),
            Seen.MetricValue => ReadMetricValue(ref json, ref fields),
            Seen.Unit => ReadUnit(ref json, ref fields),
            Seen.Timestamp => ReadTimestamp(ref json, ref fields),
            Seen.Metadata => EventMetadata.Read(ref json, _body, out fields.Metadata),
            Seen.IdempotencyKey => ReadIdempotencyKey(ref json, ref fields),
            Seen.Supersedes => ReadSupersedes(ref json, ref fields),
            // Unknown, or a list of events inside an event: not ours.
            _ => null,
        };
        fields.Problem ??= problem;
        // What was not walked over yet: the value of an unknown property, or an array where a text belongs.
        if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            json.Skip();
    }

    private static Seen PropertyAt(ref Utf8JsonReader json)
    {
        // Half a pair of surrogates is the name of nothing, and can't even be compared.
        if (json.ValueIsEscaped && !JsonText.EscapesAreStorable(json.ValueSpan))
            return Seen.None;
        if (json.ValueTextEquals("metricName"u8))
            return Seen.MetricName;
        if (json.ValueTextEquals("metricValue"u8))
            return Seen.MetricValue;
        if (json.ValueTextEquals("unit"u8))
            return Seen.Unit;
        if (json.ValueTextEquals("timestamp"u8))
            return Seen.Timestamp;
        if (json.ValueTextEquals("idempotencyKey"u8))
            return Seen.IdempotencyKey;
        if (json.ValueTextEquals("metadata"u8))
            return Seen.Metadata;
        if (json.ValueTextEquals("supersedes"u8))
            return Seen.Supersedes;
        return json.ValueTextEquals("events"u8) ? Seen.Events : Seen.None;
    }

    private static EventProblem? ReadMetricName(ref Utf8JsonReader json, ref Fields fields)
    {
        if (json.TokenType == JsonTokenType.Null)
            return EventProblem.MetricNameRequired;
        fields.MetricName = JsonText.Read(ref json, 100, cached: true);
        return fields.MetricName is null || !JsonText.IsMetricName(fields.MetricName) ? EventProblem.MetricNameInvalid : null;
    }

    private static EventProblem? ReadMetricValue(ref Utf8JsonReader json, ref Fields fields)
    {
        Span<byte> buffer = stackalloc byte[LongestEscaped];
        var error = json.TokenType switch
        {
            JsonTokenType.Number => UsageValue.ReadNumber(json.ValueSpan, out fields.Value),
            JsonTokenType.String => UsageValue.ReadText(JsonText.Bytes(in json, buffer), out fields.Value),
            _ => UsageValueError.NotANumber,
        };
        return error switch
        {
            UsageValueError.None => null,
            UsageValueError.NotANumber => json.TokenType == JsonTokenType.Null ? EventProblem.MetricValueRequired : EventProblem.MetricValueInvalid,
            UsageValueError.Negative => EventProblem.MetricValueNegative,
            UsageValueError.TooLarge => EventProblem.MetricValueTooLarge,
            UsageValueError.TooPrecise => EventProblem.MetricValueTooPrecise,
        };
    }

    private static EventProblem? ReadUnit(ref Utf8JsonReader json, ref Fields fields)
    {
        if (json.TokenType == JsonTokenType.Null)
            return EventProblem.UnitRequired;
        fields.Unit = JsonText.Read(ref json, 50, cached: true);
        return string.IsNullOrWhiteSpace(fields.Unit) || fields.Unit.Any(char.IsControl) ? EventProblem.UnitInvalid : null;
    }

    private readonly EventProblem? ReadTimestamp(ref Utf8JsonReader json, ref Fields fields)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        Span<byte> buffer = stackalloc byte[LongestEscaped];
        if (json.TokenType != JsonTokenType.String || !Rfc3339.TryRead(JsonText.Bytes(in json, buffer), out var timestamp))
            return EventProblem.TimestampInvalid;
        fields.Timestamp = timestamp;
        if (timestamp < _oldest)
            return EventProblem.TimestampTooOld;
        return timestamp > _latest ? EventProblem.TimestampInFuture : null;
    }

    private static EventProblem? ReadIdempotencyKey(ref Utf8JsonReader json, ref Fields fields)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        fields.IdempotencyKey = JsonText.Read(ref json, 255, cached: false);
        return fields.IdempotencyKey is null ? EventProblem.IdempotencyKeyInvalid : null;
    }

    private readonly EventProblem? ReadSupersedes(ref Utf8JsonReader json, ref Fields fields)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        if (!_mayCorrect)
            return EventProblem.SupersedesForbidden;
        Span<byte> buffer = stackalloc byte[LongestEscaped];
        if (json.TokenType != JsonTokenType.String || JsonText.Bytes(in json, buffer) is not { Length: 36 } text || !Utf8Parser.TryParse(text, out Guid id, out _, 'D'))
            return EventProblem.SupersedesInvalid;
        fields.Supersedes = id;
        return null;
    }

    private readonly void Finish(ref Fields fields)
    {
        var problem = fields.Problem
            ?? ((fields.Seen & Seen.MetricName) == Seen.None ? EventProblem.MetricNameRequired : null)
            ?? ((fields.Seen & Seen.MetricValue) == Seen.None ? EventProblem.MetricValueRequired : null)
            ?? ((fields.Seen & Seen.Unit) == Seen.None ? EventProblem.UnitRequired : null);
        if (problem is not null)
        {
            _rejected.Add(new RejectedEvent(_count, problem));
            return;
        }

        _events.Add(new UsageEventDraft
        {
            Index = _count,
            MetricName = fields.MetricName!,
            Value = fields.Value,
            Unit = fields.Unit!,
            Timestamp = fields.Timestamp,
            Metadata = fields.Metadata,
            IdempotencyKey = fields.IdempotencyKey,
            Supersedes = fields.Supersedes,
        });
    }

    private struct Fields
    {
        public Seen Seen;
        public EventProblem? Problem;
        public string? MetricName;
        public UsageValue Value;
        public string? Unit;
        public DateTimeOffset? Timestamp;
        public string? Metadata;
        public string? IdempotencyKey;
        public Guid? Supersedes;
    }
}
