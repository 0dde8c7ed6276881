using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Idempotency;
using Portal.Core.Kernel;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Idempotency;

/// <summary>
/// Answers a repeated POST with the stored reply: same key and body the same bytes, another body 422, still running 409. When the process
/// ended before the reply was stored, nobody knows whether the change was made: the key then answers 409 for its day, and is never run again.
/// </summary>
internal sealed class IdempotencyMiddleware(RequestDelegate next, IBillingStore store, TimeProvider clock, IProblemDetailsService problems)
{
    private const string Header = "Idempotency-Key";
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(2);
    private static readonly AccessScope s_scope = new AccessScope.System("Replies are stored beside every organisation's data");

    public async Task InvokeAsync(HttpContext context)
    {
        var key = context.Request.Headers[Header].ToString();
        if (!HttpMethods.IsPost(context.Request.Method) || key.Length == 0 || context.OwnerId() is not { } owner)
        {
            await next(context);
            return;
        }

        if (key.Length > 255)
        {
            await RefuseAsync(context, ProblemMapping.Problem(StatusCodes.Status400BadRequest, "idempotency_key_too_long", "An Idempotency-Key has at most 255 characters."));
            return;
        }

        var hash = await HashAsync(context.Request, context.RequestAborted);
        if (await BeginAsync(owner, key, hash, context.RequestAborted) is { } earlier)
            await AnswerAgainAsync(context, earlier, hash);
        else
            await RunAsync(context, owner, key);
    }

    private static async Task<byte[]> HashAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        var buffer = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
            hash.AppendData(buffer, 0, read);
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    // Null when this request is the first; else what the first one left.
    private async Task<IdempotencyRecord?> BeginAsync(Guid owner, string key, byte[] hash, CancellationToken cancellationToken)
    {
        await using (var db = await store.OpenAsync(s_scope, cancellationToken))
        {
            db.IdempotencyRecords.Add(IdempotencyRecord.Begin(owner, key, hash, clock.GetUtcNow(), s_lease));
            try
            {
                await db.CommitAsync(cancellationToken);
                return null;
            }
            catch (UniqueViolationException)
            {
                // Somebody was first: read below what came of it.
            }
        }

        await using var reader = await store.OpenAsync(s_scope, cancellationToken);
        return await reader.IdempotencyRecords.AsNoTracking().SingleAsync(record => record.OwnerId == owner && record.Key == key, cancellationToken);
    }

    private async Task AnswerAgainAsync(HttpContext context, IdempotencyRecord earlier, byte[] hash)
    {
        if (!earlier.RequestHash.AsSpan().SequenceEqual(hash))
        {
            await RefuseAsync(context, ProblemMapping.Problem(StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused", "This Idempotency-Key was used for another request: give every request its own."));
            return;
        }

        if (earlier.ResponseStatus is not { } status)
        {
            var running = earlier.LeaseUntil > clock.GetUtcNow();
            if (running)
                context.Response.Headers.RetryAfter = "1";
            await RefuseAsync(context, running
                ? ProblemMapping.Problem(StatusCodes.Status409Conflict, "idempotency_in_progress", "The first request with this Idempotency-Key is still running.")
                : ProblemMapping.Problem(StatusCodes.Status409Conflict, "idempotency_outcome_unknown", "The first request with this Idempotency-Key did not end: look whether its change was made, then use a new key."));
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = earlier.ResponseContentType;
        context.Response.Headers["Idempotency-Replayed"] = "true";
        if (earlier.ResponseLocation is { } location)
            context.Response.Headers.Location = location;
        if (earlier.ResponseBody is { Length: > 0 } body)
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private async Task RunAsync(HttpContext context, Guid owner, string key)
    {
        var wire = context.Response.Body;
        using var reply = new MemoryStream();
        context.Response.Body = reply;
        try
        {
            // When this throws, the change may have been made or not: the record stays without a reply, and says so.
            await next(context);
        }
        finally
        {
            context.Response.Body = wire;
        }

        // The caller may be gone by now; the reply is stored all the same.
        await EndAsync(owner, key, context.Response, reply.ToArray());
        reply.Position = 0;
        await reply.CopyToAsync(wire, context.RequestAborted);
    }

    // "Not now" changed nothing: the key is free for the next try.
    private async Task EndAsync(Guid owner, string key, HttpResponse response, byte[] body)
    {
        await using var db = await store.OpenAsync(s_scope, CancellationToken.None);
        var record = await db.IdempotencyRecords.SingleAsync(row => row.OwnerId == owner && row.Key == key, CancellationToken.None);
        if (response.StatusCode is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
            db.IdempotencyRecords.Remove(record);
        else
            record.Complete(response.StatusCode, response.ContentType, response.Headers.Location, body);
        await db.CommitAsync(CancellationToken.None);
    }

    private async Task RefuseAsync(HttpContext context, ProblemDetails problem)
    {
        context.Response.StatusCode = problem.Status!.Value;
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });
    }
}

internal static class IdempotencyOwner
{
    /// <summary>Whose keys these are: the signed-in user or the admin key's user; null for nobody.</summary>
    public static Guid? OwnerId(this HttpContext context) =>
        Guid.TryParse(context.User.FindFirst(System.Security.Claims.ClaimTypes.NameIdentifier)?.Value, out var id) ? id : null;
}
