using Portal.Access;
using Portal.Core.Health;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>What a look at an invariant found.</summary>
internal sealed record InvariantBody(string Id, string Title, bool Ok, string Detail);

internal static class InvariantEndpoints
{
    public static void MapInvariants(this RouteGroupBuilder admin) => admin.MapGet("/health/invariants", CheckAsync)
        .WithTags("Operations").Produces<ListBody<InvariantBody>>().WithSummary("List the health rules with their results");

    private static async Task<IResult> CheckAsync(HttpContext http, CheckInvariants check, CancellationToken cancellationToken) =>
        (await check.RunAsync(http.Call(), cancellationToken)).ToOk(results => new ListBody<InvariantBody>(
            [.. results.Select(result => new InvariantBody(result.Id, result.Title, result.Ok, result.Detail))], null));
}
