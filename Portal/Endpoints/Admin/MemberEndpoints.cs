using Portal.Access;
using Portal.Core.Access;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>Who is to be a member: <paramref name="Role"/> is owner, admin, billing or member.</summary>
internal sealed record MemberInput(string? Email, string? DisplayName, string? Role);

/// <summary>A member; <paramref name="Password"/> is set for somebody new, and shown this once.</summary>
internal sealed record MemberBody(Guid UserId, string Email, string Role, string? Password);

internal static class MemberEndpoints
{
    public static void MapMembers(this RouteGroupBuilder admin) => admin.MapPost("/organisations/{organisationId:guid}/members", AddAsync)
        .WithTags("People").Produces<MemberBody>(StatusCodes.Status201Created).WithSummary("Make a person a member; somebody new gets a password");

    private static async Task<IResult> AddAsync(Guid organisationId, MemberInput body, HttpContext http, AddMember add, CancellationToken cancellationToken)
    {
        var added = await add.RunAsync(http.Call(), new MemberRequest(organisationId, body.Email ?? "", body.DisplayName, body.Role ?? ""), cancellationToken);
        return added.ToCreated(member => $"/api/v1/admin/organisations/{organisationId}/members/{member.UserId}", member => new MemberBody(member.UserId, member.Email, member.Role, member.Password));
    }
}
