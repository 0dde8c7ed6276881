using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text.Json;
using Portal.Core.Metering;

namespace Portal.Endpoints.Ingest;

/// <summary>The answers to events that were decided.</summary>
internal static class IngestAnswers
{
    private const string Json = "application/json";
    private const int IdLength = 36;

    /// <summary>One event by itself: 202, 200 for a repeat, or its problem.</summary>
    public static Task WriteSingleAsync(HttpResponse response, EventOutcome outcome) => outcome.Status switch
    {
        EventStatus.Accepted => WriteStatusAsync(response, StatusCodes.Status202Accepted, outcome.Id, "\",\"status\":\"accepted\"}"u8),
        EventStatus.Duplicate => WriteStatusAsync(response, StatusCodes.Status200OK, outcome.Id, "\",\"status\":\"duplicate\"}"u8),
        _ => WriteRejectedAsync(response, outcome.Problem!),
    };

    /// <summary>One event by itself that is not accepted.</summary>
    public static Task WriteRejectedAsync(HttpResponse response, EventProblem problem)
    {
        var status = problem == EventProblem.IdempotencyConflict ? StatusCodes.Status409Conflict
            : problem == EventProblem.SupersedesForbidden ? StatusCodes.Status403Forbidden
            : StatusCodes.Status422UnprocessableEntity;
        return new ServiceProblem(status, problem.Code, problem.Detail).WriteAsync(response);
    }

    /// <summary>Many events: how many of each, and every bad one by its index; 422 when all are bad.</summary>
    public static async Task WriteManyAsync(HttpResponse response, UsageDocument document)
    {
        var accepted = document.Events.Count(draft => draft.Outcome.Status == EventStatus.Accepted);
        var duplicates = document.Events.Count(draft => draft.Outcome.Status == EventStatus.Duplicate);
        List<RejectedEvent> rejected = [.. document.Rejected];
        foreach (var draft in document.Events)
        {
            if (draft.Outcome.Problem is { } problem)
                rejected.Add(new RejectedEvent(draft.Index, problem));
        }

        rejected.Sort(static (left, right) => left.Index.CompareTo(right.Index));
        var none = accepted + duplicates == 0;
        response.StatusCode = none ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status202Accepted;
        response.ContentType = none ? "application/problem+json" : Json;
        await using (var json = new Utf8JsonWriter(response.BodyWriter))
        {
            json.WriteStartObject();
            if (none)
                ServiceProblem.WriteMembers(json, response.StatusCode, "all_rejected", "None of the events can be accepted.");
            json.WriteNumber("accepted"u8, accepted);
            json.WriteNumber("duplicates"u8, duplicates);
            json.WriteStartArray("rejected"u8);
            foreach (var (index, problem) in rejected)
            {
                json.WriteStartObject();
                json.WriteNumber("index"u8, index);
                json.WriteString("code"u8, problem.Code);
                json.WriteString("detail"u8, problem.Detail);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync();
    }

    private static Task<FlushResult> WriteStatusAsync(HttpResponse response, int status, Guid id, ReadOnlySpan<byte> rest)
    {
        var start = "{\"id\":\""u8;
        var length = start.Length + IdLength + rest.Length;
        response.StatusCode = status;
        response.ContentType = Json;
        response.ContentLength = length;
        var target = response.BodyWriter.GetSpan(length);
        start.CopyTo(target);
        Utf8Formatter.TryFormat(id, target[start.Length..], out _);
        rest.CopyTo(target[(start.Length + IdLength)..]);
        response.BodyWriter.Advance(length);
        return response.BodyWriter.FlushAsync().AsTask();
    }
}
