using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Endpoints.Ingest;

/// <summary>A refusal of the service endpoints, as problem details (RFC 9457) made once: these are answered thousands of times a second.</summary>
internal sealed class ServiceProblem
{
    private const string ContentType = "application/problem+json";

    /// <summary>One and the same for every key that can't be used, so that nothing is learned from it.</summary>
    public static readonly ServiceProblem Unauthorized = new(401, "unauthorized", "A valid project key is required: Authorization: Bearer bk_...");

    public static readonly ServiceProblem Forbidden = new(403, "insufficient_scope", "The key lacks the scope that this call needs.");
    public static readonly ServiceProblem Suspended = new(403, "organisation_suspended", "The organisation is suspended until what is due has been paid.");
    public static readonly ServiceProblem RateLimited = new(429, "rate_limited", "The key's requests of this hour are used up.");
    public static readonly ServiceProblem Malformed = new(400, "malformed_json", "The body is not JSON in UTF-8.");
    public static readonly ServiceProblem MalformedGzip = new(400, "malformed_gzip", "The body says it is gzip, and is not, or is cut off.");
    public static readonly ServiceProblem Encoding = new(415, "unsupported_encoding", "The body may be sent as it is or with Content-Encoding: gzip.");
    public static readonly ServiceProblem TooLarge = new(413, "too_large", "The body is larger than one request may be. Send fewer events at a time.");
    public static readonly ServiceProblem NoEvents = new(422, "no_events", "The body is one event, an array of events, {\"events\":[...]}, or one event per line, and holds at least one.");
    public static readonly ServiceProblem Ambiguous = new(422, "ambiguous_body", "The body is both an event and an envelope of events, or has two lists.");
    public static readonly ServiceProblem TooManyEvents = new(422, "too_many_events", "There are more events than one request may hold. Nothing was stored.");
    public static readonly ServiceProblem Unavailable = new(503, "unavailable", "Nothing was stored. Send it again.", retryAfter: 1);
    public static readonly ServiceProblem Unknown = new(503, "outcome_unknown", "It is not known whether the events were stored. Send them again with the same idempotency keys.", retryAfter: 1);
    public static readonly ServiceProblem Internal = new(500, "internal", "The events could not be stored.");

    private readonly byte[] _body;
    private readonly string? _retryAfter;

    public ServiceProblem(int status, string code, string detail, int? retryAfter = null)
    {
        (Status, Code) = (status, code);
        _retryAfter = retryAfter?.ToString(CultureInfo.InvariantCulture);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMembers(json, status, code, detail);
            json.WriteEndObject();
        }

        _body = buffer.WrittenSpan.ToArray();
    }

    public int Status { get; }

    public string Code { get; }

    /// <summary>The members that every problem has.</summary>
    public static void WriteMembers(Utf8JsonWriter json, int status, string code, string detail)
    {
        json.WriteString("type"u8, "about:blank"u8);
        json.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(status));
        json.WriteNumber("status"u8, status);
        json.WriteString("code"u8, code);
        json.WriteString("detail"u8, detail);
    }

    public Task WriteAsync(HttpResponse response, int? retryAfter = null)
    {
        if (Status == 401)
            response.Headers.WWWAuthenticate = "Bearer";
        if ((retryAfter?.ToString(CultureInfo.InvariantCulture) ?? _retryAfter) is { } seconds)
            response.Headers.RetryAfter = seconds;
        return WriteAsync(response, Status, ContentType, _body);
    }

    public static async Task WriteAsync(HttpResponse response, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body);
    }
}
