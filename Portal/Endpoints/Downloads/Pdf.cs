using Portal.Core.Kernel;

namespace Portal.Endpoints.Downloads;

/// <summary>Answers of the downloads.</summary>
internal static class Pdf
{
    /// <summary>Sends a PDF to be saved; nobody on the way keeps it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="content">The document.</param>
    /// <param name="name">Its number; what file names can't have becomes a dash.</param>
    public static IResult Of(HttpContext http, byte[] content, string name)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(content, "application/pdf", FileName(name) + ".pdf");
    }

    /// <summary>A refusal as a bare status: browsers see the page of that status.</summary>
    public static IResult ToStatus(this IReadOnlyList<Failure> failures) => TypedResults.StatusCode(failures[0].Kind switch
    {
        FailureKind.NotFound => StatusCodes.Status404NotFound,
        FailureKind.Forbidden => StatusCodes.Status403Forbidden,
        FailureKind.Conflict => StatusCodes.Status409Conflict,
        FailureKind.Invalid => StatusCodes.Status422UnprocessableEntity,
        FailureKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
    });

    private static string FileName(string name) => string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' ? character : '-'));
}
