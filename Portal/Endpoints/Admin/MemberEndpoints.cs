using Portal.Access;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>Who is to be a member: <paramref name="Role"/> is owner, admin, billing, member or a custom one.</summary>
internal sealed record MemberInput(string? Email, string? DisplayName, string? Role);

/// <summary>A member; <paramref name="Password"/> is set for somebody new, and shown this once.</summary>
internal sealed record MemberBody(Guid UserId, string Email, string Role, string? Password);

/// <summary>The name of a role.</summary>
internal sealed record RoleNameInput(string? Role);

/// <summary>A row of the list of members, or of staff.</summary>
internal sealed record MemberItem(Guid UserId, string Email, string DisplayName, string Role, bool IsActive, bool TwoFactor, DateTimeOffset Since);

/// <summary>Whom to invite, and as what.</summary>
internal sealed record InvitationInput(string? Email, string? Role);

/// <summary>An invitation; its link is in its mail alone.</summary>
internal sealed record InvitationBody(Guid Id, Guid? OrganisationId, string Email, string Role, string State, string InvitedBy, DateTimeOffset SentAt, DateTimeOffset ExpiresAt);

/// <summary>What a custom role is to be. <paramref name="Kind"/> is platform or organisation, and never changes.</summary>
internal sealed record RoleInput(string? Kind, string? Name, string? Description, IReadOnlyList<string>? Permissions);

/// <summary>A role.</summary>
internal sealed record RoleBody(Guid Id, string Kind, string Name, string Description, bool IsSystem, IReadOnlyList<string> Permissions, int Holders)
{
    public static RoleBody Of(RoleRow role) => new(role.Id, ApiText.Word(role.Kind), role.Name, role.Description, role.IsSystem, role.Permissions, role.Holders);
}

internal static class MemberEndpoints
{
    public static void MapMembers(this RouteGroupBuilder admin)
    {
        // Without an organisation: staff.
        foreach (var place in new[] { "/organisations/{organisationId:guid}", "/staff" })
        {
            var group = admin.MapGroup(place).WithTags("People");
            group.MapGet("/members", ListAsync).Produces<ListBody<MemberItem>>().WithSummary("List members, newest first");
            group.MapPut("/members/{userId:guid}", AssignAsync).Produces(StatusCodes.Status204NoContent).WithSummary("Change a member's role");
            group.MapDelete("/members/{userId:guid}", RemoveAsync).Produces(StatusCodes.Status204NoContent).WithSummary("Remove a member; the last owner or admin stays");
            group.MapGet("/invitations", InvitationsAsync).Produces<ListBody<InvitationBody>>().WithSummary("List invitations, newest first");
            group.MapPost("/invitations", InviteAsync).Produces<InvitationBody>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status429TooManyRequests)
                .RequireRateLimiting(AccessSetup.InvitationLimit).WithSummary("Invite someone by email");
        }

        admin.MapPost("/organisations/{organisationId:guid}/members", AddAsync)
            .WithTags("People").Produces<MemberBody>(StatusCodes.Status201Created).WithSummary("Add a member; a new person gets a password");
        var invitations = admin.MapGroup("/invitations/{id:guid}").WithTags("People");
        invitations.MapPost("/resend", ResendAsync).Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status429TooManyRequests)
            .RequireRateLimiting(AccessSetup.InvitationLimit).WithSummary("Resend an invitation; the previous link stops working");
        invitations.MapDelete("", RevokeAsync).Produces(StatusCodes.Status204NoContent).WithSummary("Revoke an invitation");
        var roles = admin.MapGroup("/roles").WithTags("People");
        roles.MapGet("", RolesAsync).Produces<ListBody<RoleBody>>().WithSummary("List all roles");
        roles.MapPost("", CreateRoleAsync).Produces<RoleBody>(StatusCodes.Status201Created).WithSummary("Create a custom role");
        roles.MapPut("/{id:guid}", ChangeRoleAsync).Produces<RoleBody>().WithSummary("Change a custom role");
        roles.MapDelete("/{id:guid}", DeleteRoleAsync).Produces(StatusCodes.Status204NoContent).WithSummary("Delete an unused custom role");
    }

    private static async Task<IResult> AddAsync(Guid organisationId, MemberInput body, HttpContext http, AddMember add, CancellationToken cancellationToken)
    {
        var added = await add.RunAsync(http.Call(), new MemberRequest(organisationId, body.Email ?? "", body.DisplayName, body.Role ?? ""), cancellationToken);
        return added.ToCreated(member => $"/api/v1/admin/organisations/{organisationId}/members/{member.UserId}", member => new MemberBody(member.UserId, member.Email, member.Role, member.Password));
    }

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, HttpContext http, ListPeople list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var page = await list.MembersAsync(http.Call(), PlaceOf(http), request.Value, cancellationToken);
        return page.ToOk(rows => ListBody<MemberItem>.Of(rows, row => row.UserId, row => new MemberItem(row.UserId, row.Email, row.DisplayName, row.Role, row.IsActive, row.HasTwoFactor, row.Since)));
    }

    private static async Task<IResult> AssignAsync(Guid userId, RoleNameInput body, HttpContext http, AssignRole assign, Roles roles, CancellationToken cancellationToken)
    {
        var role = await RoleAsync(http, roles, body.Role, cancellationToken);
        return role.Succeeded ? (await assign.RunAsync(http.Call(), userId, role.Value, PlaceOf(http), cancellationToken)).ToNoContent() : role.Failures.ToProblem();
    }

    private static async Task<IResult> RemoveAsync(Guid userId, HttpContext http, RemoveRole remove, CancellationToken cancellationToken) =>
        (await remove.RunAsync(http.Call(), userId, PlaceOf(http), cancellationToken)).ToNoContent();

    private static async Task<IResult> InvitationsAsync([AsParameters] Paging paging, HttpContext http, Invitations invitations, TimeProvider clock, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var page = await invitations.ListAsync(http.Call(), PlaceOf(http), false, request.Value, cancellationToken);
        var now = clock.GetUtcNow();
        return page.ToOk(rows => ListBody<InvitationBody>.Of(rows, row => row.Id,
            row => new InvitationBody(row.Id, row.OrganisationId, row.Email, row.Role, ApiText.Word(row.StateAt(now)), row.InvitedBy, row.SentAt, row.ExpiresAt)));
    }

    private static async Task<IResult> InviteAsync(InvitationInput body, HttpContext http, Invitations invitations, Roles roles, TimeProvider clock, CancellationToken cancellationToken)
    {
        var role = await RoleAsync(http, roles, body.Role, cancellationToken);
        if (!role.Succeeded)
            return role.Failures.ToProblem();
        var invited = await invitations.InviteAsync(http.Call(), PlaceOf(http), body.Email ?? "", role.Value, cancellationToken);
        return invited.ToCreated(row => $"/api/v1/admin/invitations/{row.Id}",
            row => new InvitationBody(row.Id, row.OrganisationId, row.Email, body.Role!, ApiText.Word(row.StateAt(clock.GetUtcNow())), row.InvitedBy, row.SentAt, row.ExpiresAt));
    }

    private static async Task<IResult> ResendAsync(Guid id, HttpContext http, Invitations invitations, CancellationToken cancellationToken) =>
        (await invitations.ResendAsync(http.Call(), id, cancellationToken)).ToNoContent();

    private static async Task<IResult> RevokeAsync(Guid id, HttpContext http, Invitations invitations, CancellationToken cancellationToken) =>
        (await invitations.RevokeAsync(http.Call(), id, cancellationToken)).ToNoContent();

    private static async Task<IResult> RolesAsync(HttpContext http, Roles roles, CancellationToken cancellationToken) =>
        (await roles.ListAsync(http.Call(), null, cancellationToken)).ToOk(rows => new ListBody<RoleBody>([.. rows.Select(RoleBody.Of)], null));

    private static async Task<IResult> CreateRoleAsync(RoleInput body, HttpContext http, Roles roles, CancellationToken cancellationToken)
    {
        if (KindOf(body) is not { } kind)
            return WrongKind();
        var created = await roles.CreateAsync(http.Call(), new RoleDetails(kind, body.Name ?? "", body.Description ?? "", body.Permissions ?? []), cancellationToken);
        return created.Succeeded ? (await roles.GetAsync(http.Call(), created.Value, cancellationToken)).ToCreated(role => $"/api/v1/admin/roles/{role.Id}", RoleBody.Of) : created.Failures.ToProblem();
    }

    private static async Task<IResult> ChangeRoleAsync(Guid id, RoleInput body, HttpContext http, Roles roles, CancellationToken cancellationToken)
    {
        if (KindOf(body) is not { } kind)
            return WrongKind();
        var changed = await roles.ChangeAsync(http.Call(), id, new RoleDetails(kind, body.Name ?? "", body.Description ?? "", body.Permissions ?? []), cancellationToken);
        return changed.Succeeded ? (await roles.GetAsync(http.Call(), id, cancellationToken)).ToOk(RoleBody.Of) : changed.Failures.ToProblem();
    }

    private static async Task<IResult> DeleteRoleAsync(Guid id, HttpContext http, Roles roles, CancellationToken cancellationToken) =>
        (await roles.DeleteAsync(http.Call(), id, cancellationToken)).ToNoContent();

    // Null below /staff.
    private static Guid? PlaceOf(HttpContext http) => Guid.TryParse(http.Request.RouteValues["organisationId"]?.ToString(), out var id) ? id : null;

    private static async Task<Result<Guid>> RoleAsync(HttpContext http, Roles roles, string? name, CancellationToken cancellationToken)
    {
        var known = await roles.ListAsync(http.Call(), PlaceOf(http) is null ? RoleKind.Platform : RoleKind.Organisation, cancellationToken);
        if (!known.Succeeded)
            return known.Failure;
        return known.Value.FirstOrDefault(role => role.Name == name) is { } found ? found.Id : Failure.Invalid("role", $"Choose one of {string.Join(", ", known.Value.Select(role => role.Name))}.");
    }

    private static RoleKind? KindOf(RoleInput body) => body.Kind switch
    {
        "platform" => RoleKind.Platform,
        "organisation" => RoleKind.Organisation,
        _ => null,
    };

    private static IResult WrongKind() => new[] { Failure.Invalid("kind", "Choose platform or organisation.") }.ToProblem();
}
