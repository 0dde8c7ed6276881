using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Portal.Endpoints.Problems;

/// <summary>What went wrong without being a refusal, as a problem without a word of the inside.</summary>
internal sealed class ExceptionProblems(IProblemDetailsService problems) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            BadHttpRequestException bad => ProblemMapping.Problem(bad.StatusCode, "unreadable", "The request can't be read: check its JSON, its types and its size."),
            NpgsqlException { IsTransient: true } or TimeoutException => ProblemMapping.Problem(StatusCodes.Status503ServiceUnavailable, "database_unavailable", "The database does not answer. Try again shortly."),
            _ => ProblemMapping.Problem(StatusCodes.Status500InternalServerError, "internal", $"Something went wrong. Quote reference {httpContext.TraceIdentifier} when you ask for help."),
        };
        httpContext.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            httpContext.Response.Headers.RetryAfter = "2";
        return problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem });
    }

    /// <summary>Gives every problem that the framework writes (401, 403, 404, 405 ...) a stable code.</summary>
    public static void AddCode(ProblemDetails problem) => problem.Extensions.TryAdd("code", problem.Status switch
    {
        StatusCodes.Status400BadRequest => "unreadable",
        StatusCodes.Status401Unauthorized => "unauthorized",
        StatusCodes.Status403Forbidden => "forbidden",
        StatusCodes.Status404NotFound => "not_found",
        StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
        StatusCodes.Status413PayloadTooLarge => "too_large",
        StatusCodes.Status415UnsupportedMediaType => "unsupported_media_type",
        StatusCodes.Status429TooManyRequests => "rate_limited",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        _ => "error",
    });
}
