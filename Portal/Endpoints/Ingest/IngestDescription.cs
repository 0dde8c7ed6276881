using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace Portal.Endpoints.Ingest;

/// <summary>An event of usage, as the OpenAPI document shows it.</summary>
/// <param name="MetricName">1 to 100 of letters, digits and <c>_ . : -</c>.</param>
/// <param name="MetricValue">0 or more, below 10^18, at most 12 decimals.</param>
/// <param name="Unit">1 to 50 characters.</param>
/// <param name="Timestamp">RFC 3339 with offset; left out: now.</param>
/// <param name="Metadata">An object of at most 8 KiB.</param>
/// <param name="IdempotencyKey">1 to 255 characters; a repeat is a duplicate.</param>
/// <param name="Supersedes">The id of an event that this one replaces; needs the scope <c>usage:correct</c>.</param>
internal sealed record EventShape(string MetricName, decimal MetricValue, string Unit, DateTimeOffset? Timestamp, JsonElement? Metadata, string? IdempotencyKey, Guid? Supersedes);

/// <summary>The answer to one event.</summary>
internal sealed record EventAnswerShape(Guid Id, string Status);

/// <summary>The answer to many events: good ones are kept, bad ones named one by one.</summary>
internal sealed record EventsAnswerShape(int Accepted, int Duplicates, IReadOnlyList<EventRejectionShape> Rejected);

internal sealed record EventRejectionShape(int Index, string Code, string Detail);

/// <summary>What the OpenAPI document says of the intake, whose handler is written without types.</summary>
internal static class IngestDescription
{
    public static TBuilder DescribeIngest<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.WithMetadata(
            typeof(IngestDescription).GetMethod(nameof(Shape), BindingFlags.NonPublic | BindingFlags.Static)!,
            new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(EventsAnswerShape), ["application/json"]),
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(EventAnswerShape), ["application/json"]));
        foreach (var status in new[] { 400, 401, 403, 409, 413, 415, 422, 429, 503 })
            builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
        return builder.WithTags("Usage").WithSummary("Send usage: one event, an array, {\"events\":[...]} or NDJSON; answered when it is committed")
            .WithDescription("At most 10,000 events or 8 MiB, gzip accepted. One event is answered with its id and accepted (202) or duplicate (200); many with counts and the rejected ones by index.");
    }

    private static void Shape([FromBody] EventShape body) => ArgumentNullException.ThrowIfNull(body);
}
