using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Portal.Core.ApiKeys;
using Portal.Core.Metering;

namespace Portal.Endpoints.Ingest;

/// <summary><c>POST /api/v1/ingest</c>: key, body, events, commit, answer. Written without binding and filters, as it is called thousands of times a second.</summary>
internal sealed class IngestEndpoint(ProjectKeyGate gate, IngestBudget budget, IngestQueue queue, IngestMetrics metrics, IOptions<IngestOptions> options)
{
    // The limit is held here. The server's own lies further out, so that who oversteps a little hears why instead of losing the connection.
    private const int ServerLimitFactor = 4;

    private readonly IngestOptions _options = options.Value;

    public async Task HandleAsync(HttpContext http)
    {
        var entrance = await gate.EnterAsync(http, ApiKeyScopes.UsageWrite);
        if (entrance.Problem is { } problem)
        {
            await RefuseAsync(http, problem, entrance.RetryAfter);
            return;
        }

        if (!TryGetEncoding(http.Request, out var gzip))
        {
            await RefuseAsync(http, ServiceProblem.Encoding);
            return;
        }

        try
        {
            await HandleAsync(http, entrance.Key!, entrance.Now, gzip);
        }
        catch (BadHttpRequestException exception)
        {
            await RefuseAsync(http, exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? ServiceProblem.TooLarge : ServiceProblem.Malformed);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to answer.
            metrics.Refused("aborted");
        }
    }

    private async Task HandleAsync(HttpContext http, ProjectKey key, DateTimeOffset now, bool gzip)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = ServerLimitFactor * (long)_options.MaxBodyBytes;
        using var body = new IngestBody(budget, _options.MaxBodyBytes);
        var read = await body.ReadAsync(http.Request, gzip, http.RequestAborted);
        var document = read == BodyProblem.None ? Parse(http.Request, body.Text, key, now) : null;
        if (Problem(read, document) is { } problem)
        {
            await RefuseAsync(http, problem);
            return;
        }

        if (document!.Events.Count > 0)
        {
            var result = await queue.SubmitAsync(new UsageSubmission(key, Rfc3339.ToMicroseconds(now), document.Events));
            if (Problem(result) is { } failed)
            {
                await RefuseAsync(http, failed);
                return;
            }
        }

        if (!document.IsSingle)
            await IngestAnswers.WriteManyAsync(http.Response, document);
        else if (document.Events is [var only])
            await IngestAnswers.WriteSingleAsync(http.Response, only.Outcome);
        else
            await IngestAnswers.WriteRejectedAsync(http.Response, document.Rejected[0].Problem);
    }

    private UsageDocument Parse(HttpRequest request, ReadOnlySpan<byte> body, ProjectKey key, DateTimeOffset now)
    {
        var mayCorrect = key.Has(ApiKeyScopes.UsageCorrect);
        return IsLines(request.ContentType) ? UsageEventReader.ReadLines(body, _options, mayCorrect, now) : UsageEventReader.ReadJson(body, _options, mayCorrect, now);
    }

    private static bool IsLines(string? contentType)
    {
        if (contentType is null)
            return false;
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        type = (end < 0 ? type : type[..end]).Trim();
        return type.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/ndjson", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/jsonl", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryGetEncoding(HttpRequest request, out bool gzip)
    {
        var encoding = request.Headers.ContentEncoding;
        gzip = encoding is [{ } one] && (one.Equals("gzip", StringComparison.OrdinalIgnoreCase) || one.Equals("x-gzip", StringComparison.OrdinalIgnoreCase));
        return gzip || encoding.Count == 0 || encoding is [{ } other] && other.Equals("identity", StringComparison.OrdinalIgnoreCase);
    }

    private static ServiceProblem? Problem(BodyProblem read, UsageDocument? document) => read switch
    {
        BodyProblem.TooLarge => ServiceProblem.TooLarge,
        BodyProblem.Malformed => ServiceProblem.MalformedGzip,
        BodyProblem.NoRoom => ServiceProblem.Unavailable,
        BodyProblem.None => document!.Problem switch
        {
            DocumentProblem.None => null,
            DocumentProblem.Malformed => ServiceProblem.Malformed,
            DocumentProblem.NoEvents => ServiceProblem.NoEvents,
            DocumentProblem.Ambiguous => ServiceProblem.Ambiguous,
            DocumentProblem.TooManyEvents => ServiceProblem.TooManyEvents,
        },
    };

    private static ServiceProblem? Problem(SubmissionResult result) => result switch
    {
        SubmissionResult.Decided => null,
        SubmissionResult.NotStored => ServiceProblem.Unavailable,
        SubmissionResult.Unknown => ServiceProblem.Unknown,
        SubmissionResult.Refused => ServiceProblem.Internal,
    };

    private Task RefuseAsync(HttpContext http, ServiceProblem problem, int? retryAfter = null)
    {
        metrics.Refused(problem.Code);
        return problem.WriteAsync(http.Response, retryAfter);
    }
}
