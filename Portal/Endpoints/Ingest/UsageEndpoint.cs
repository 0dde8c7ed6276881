using System.Globalization;
using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Endpoints.Admin;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Ingest;

/// <summary>A sum of usage; the hour, day or billing month begins at <paramref name="Start"/> in the organisation's zone.</summary>
internal sealed record UsageItem(DateTimeOffset Start, string MetricName, string Unit, string Value, long EventCount);

/// <summary><c>GET /api/v1/usage</c>: a project reads its own sums.</summary>
internal static class UsageEndpoint
{
    private static readonly HashSet<string> s_permissions = [Permissions.UsageRead];

    /// <summary>Days are dates in the organisation's zone; <paramref name="to"/> is not included.</summary>
    public static async Task<IResult> ReadAsync(string? from, string? to, string? metric, string? groupBy, HttpContext http, ProjectKeyGate gate, QueryUsage query, CancellationToken cancellationToken)
    {
        var entrance = await gate.EnterAsync(http, ApiKeyScopes.UsageRead);
        if (entrance.Problem is { } problem)
            return new Refusal(problem, entrance.RetryAfter);
        var key = entrance.Key!;
        if (Read(from, to, metric, groupBy, key, out var failures) is not { } request)
            return failures.ToProblem();
        var call = new CallContext(new Actor(ActorKind.ApiKey, key.Id, key.Prefix), new AccessScope.Organisation(key.OrganisationId), s_permissions, http.TraceIdentifier,
            http.Connection.RemoteIpAddress?.ToString(), http.Request.Headers.UserAgent);
        return (await query.RunAsync(call, request, cancellationToken)).ToOk(sums => new ListBody<UsageItem>(
            [.. sums.Select(sum => new UsageItem(sum.Start, sum.MetricName, sum.Unit, ApiText.Number(sum.Value), sum.EventCount))], null));
    }

    private static UsageSumsRequest? Read(string? from, string? to, string? metric, string? groupBy, ProjectKey key, out List<Failure> failures)
    {
        failures = [];
        var first = Day(from, "from", failures);
        var end = Day(to, "to", failures);
        UsageGrouping? grouping = groupBy switch { null or "day" => UsageGrouping.Day, "hour" => UsageGrouping.Hour, "month" => UsageGrouping.Month, _ => null };
        if (grouping is null)
            failures.Add(Failure.Invalid("groupBy", "Choose hour, day or month."));
        return failures.Count > 0 ? null : new UsageSumsRequest(key.OrganisationId, key.ProjectId, first!.Value, end!.Value, metric, grouping!.Value);
    }

    // A time is taken by its date: sums are kept by day in the organisation's zone.
    private static DateOnly? Day(string? text, string field, List<Failure> failures)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return DateOnly.FromDateTime(time.DateTime);
        failures.Add(Failure.Invalid(field, "Enter a date, such as 2026-10-01."));
        return null;
    }

    /// <summary>A refusal of the gate, as the intake writes it.</summary>
    private sealed class Refusal(ServiceProblem problem, int? retryAfter) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => problem.WriteAsync(httpContext.Response, retryAfter);
    }
}
