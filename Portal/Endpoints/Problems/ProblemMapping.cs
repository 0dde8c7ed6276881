using Microsoft.AspNetCore.Mvc;
using Portal.Core.Kernel;

namespace Portal.Endpoints.Problems;

/// <summary>The one place where refusals become <c>application/problem+json</c> (RFC 9457).</summary>
internal static class ProblemMapping
{
    /// <summary>The answer for an action's failures: the first decides code and status, all are listed by field.</summary>
    public static IResult ToProblem(this IReadOnlyList<Failure> failures)
    {
        var first = failures[0];
        var problem = Problem(StatusOf(first.Kind), first.Code, first.Message);
        if (failures.Any(failure => failure.Field is not null))
            problem.Extensions["errors"] = failures.Select(failure => new { field = failure.Field, code = failure.Code, detail = failure.Message }).ToArray();
        return TypedResults.Problem(problem);
    }

    /// <summary>A problem of the edge itself.</summary>
    public static ProblemDetails Problem(int status, string code, string detail) => new()
    {
        Status = status,
        Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
        Detail = detail,
        Extensions = { ["code"] = code },
    };

    /// <summary>The value as <c>200 OK</c>, or the problem.</summary>
    public static IResult ToOk<T, TBody>(this Result<T> result, Func<T, TBody> body) =>
        result.Succeeded ? TypedResults.Ok(body(result.Value)) : result.Failures.ToProblem();

    /// <summary>The value as <c>201 Created</c>, or the problem.</summary>
    public static IResult ToCreated<T, TBody>(this Result<T> result, Func<T, string> location, Func<T, TBody> body) =>
        result.Succeeded ? TypedResults.Created(location(result.Value), body(result.Value)) : result.Failures.ToProblem();

    /// <summary><c>204 No Content</c>, or the problem.</summary>
    public static IResult ToNoContent<T>(this Result<T> result) =>
        result.Succeeded ? TypedResults.NoContent() : result.Failures.ToProblem();

    private static int StatusOf(FailureKind kind) => kind switch
    {
        FailureKind.Invalid => StatusCodes.Status422UnprocessableEntity,
        FailureKind.NotFound => StatusCodes.Status404NotFound,
        FailureKind.Forbidden => StatusCodes.Status403Forbidden,
        FailureKind.Conflict => StatusCodes.Status409Conflict,
        FailureKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
    };
}
