using Portal.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Projects;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

internal sealed record ProjectInput(string? Name, string? Description, bool? IsActive);

/// <summary>A project.</summary>
internal sealed record ProjectBody(Guid Id, Guid OrganisationId, string Name, string? Description, bool IsActive, DateTimeOffset CreatedAt)
{
    public static ProjectBody Of(Project project) => new(project.Id, project.OrganisationId, project.Name, project.Description, project.IsActive, project.CreatedAt);
}

/// <summary>What a key is to be. Left out: the scope <c>usage:write</c>, no limit, no expiry.</summary>
internal sealed record ApiKeyInput(string? Name, IReadOnlyList<string>? Scopes, int? RateLimitPerHour, DateTimeOffset? ExpiresAt);

/// <summary>A key that has just been made; <paramref name="Key"/> is shown this once.</summary>
internal sealed record IssuedApiKeyBody(Guid Id, string Prefix, string Key, IReadOnlyList<string> Scopes, int? RateLimitPerHour, DateTimeOffset? ExpiresAt)
{
    public static IssuedApiKeyBody Of(IssuedApiKey issued) =>
        new(issued.Key.Id, issued.Key.Prefix, issued.Secret, issued.Key.Scopes, issued.Key.RateLimitPerHour, issued.Key.ExpiresAt);
}

/// <summary>A row of the list of keys.</summary>
internal sealed record ApiKeyItem(
    Guid Id, Guid ProjectId, string Name, string Prefix, IReadOnlyList<string> Scopes, int? RateLimitPerHour, string State,
    DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, DateTimeOffset CreatedAt);

/// <summary>How long the old key stays good.</summary>
internal sealed record RotateInput(int? OverlapMinutes);

internal static class ProjectEndpoints
{
    public static void MapProjects(this RouteGroupBuilder admin)
    {
        var organisations = admin.MapGroup("/organisations/{organisationId:guid}").WithTags("Projects and keys");
        organisations.MapPost("/projects", CreateAsync).Produces<ProjectBody>(StatusCodes.Status201Created).WithSummary("Create a project");
        organisations.MapGet("/projects", ListAsync).Produces<ListBody<ProjectBody>>().WithSummary("List an organisation's projects, newest first");
        var group = admin.MapGroup("/projects").WithTags("Projects and keys");
        group.MapGet("/{id:guid}", GetAsync).Produces<ProjectBody>().WithSummary("Read a project");
        group.MapPatch("/{id:guid}", ChangeAsync).Produces<ProjectBody>().WithSummary("Update the given fields");
        group.MapPost("/{id:guid}/api-keys", IssueAsync).Produces<IssuedApiKeyBody>(StatusCodes.Status201Created).WithSummary("Create a key; it is only shown in this response");
        group.MapGet("/{id:guid}/api-keys", ListKeysAsync).Produces<ListBody<ApiKeyItem>>().WithSummary("List a project's keys, newest first");
        var keys = admin.MapGroup("/api-keys").WithTags("Projects and keys");
        keys.MapDelete("/{id:guid}", RevokeAsync).Produces(StatusCodes.Status204NoContent).WithSummary("Revoke a key; every node refuses it within a second");
        keys.MapPost("/{id:guid}/rotate", RotateAsync).Produces<IssuedApiKeyBody>(StatusCodes.Status201Created).WithSummary("Rotate a key; the old one keeps working during the overlap");
    }

    private static async Task<IResult> CreateAsync(Guid organisationId, ProjectInput body, HttpContext http, SaveProject save, CancellationToken cancellationToken)
    {
        var created = await save.CreateAsync(http.Call(), organisationId, new ProjectFacts(body.Name ?? "", body.Description), cancellationToken);
        return created.ToCreated(project => $"/api/v1/admin/projects/{project.Id}", ProjectBody.Of);
    }

    private static async Task<IResult> ListAsync(Guid organisationId, [AsParameters] Paging paging, HttpContext http, ListProjects list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var page = await list.RunAsync(http.Call(), organisationId, request.Value, cancellationToken);
        return page.ToOk(rows => ListBody<ProjectBody>.Of(rows, row => row.Id, row => new ProjectBody(row.Id, row.OrganisationId, row.Name, row.Description, row.IsActive, row.CreatedAt)));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, GetProject get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), id, cancellationToken)).ToOk(ProjectBody.Of);

    private static async Task<IResult> ChangeAsync(Guid id, ProjectInput body, HttpContext http, GetProject get, SaveProject save, CancellationToken cancellationToken)
    {
        var found = await get.RunAsync(http.Call(), id, cancellationToken);
        if (!found.Succeeded)
            return found.Failures.ToProblem();
        var facts = new ProjectFacts(body.Name ?? found.Value.Name, body.Description ?? found.Value.Description, body.IsActive ?? found.Value.IsActive);
        return (await save.ChangeAsync(http.Call(), id, facts, cancellationToken)).ToOk(ProjectBody.Of);
    }

    private static async Task<IResult> IssueAsync(Guid id, ApiKeyInput body, HttpContext http, IssueApiKey issue, CancellationToken cancellationToken)
    {
        var request = new ApiKeyRequest(body.Name ?? "", body.Scopes ?? [ApiKeyScopes.UsageWrite], body.RateLimitPerHour, body.ExpiresAt);
        var issued = await issue.RunAsync(http.Call(), id, request, cancellationToken);
        return issued.ToCreated(key => $"/api/v1/admin/api-keys/{key.Key.Id}", IssuedApiKeyBody.Of);
    }

    private static async Task<IResult> ListKeysAsync(Guid id, [AsParameters] Paging paging, HttpContext http, GetProject get, ListApiKeys list, TimeProvider clock, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var project = await get.RunAsync(http.Call(), id, cancellationToken);
        if (!project.Succeeded)
            return project.Failures.ToProblem();
        var now = clock.GetUtcNow();
        var page = await list.RunAsync(http.Call(), project.Value.OrganisationId, id, request.Value, cancellationToken);
        return page.ToOk(rows => ListBody<ApiKeyItem>.Of(rows, row => row.Id, row => new ApiKeyItem(
            row.Id, row.ProjectId, row.Name, row.Prefix, row.Scopes, row.RateLimitPerHour, ApiText.Word(row.StateAt(now)), row.ExpiresAt, row.RevokedAt, row.LastUsedAt, row.CreatedAt)));
    }

    private static async Task<IResult> RevokeAsync(Guid id, HttpContext http, RevokeApiKey revoke, CancellationToken cancellationToken) =>
        (await revoke.RunAsync(http.Call(), id, cancellationToken)).ToNoContent();

    private static async Task<IResult> RotateAsync(Guid id, RotateInput? body, HttpContext http, RotateApiKey rotate, CancellationToken cancellationToken)
    {
        var issued = await rotate.RunAsync(http.Call(), id, body?.OverlapMinutes ?? 0, cancellationToken);
        return issued.ToCreated(key => $"/api/v1/admin/api-keys/{key.Key.Id}", IssuedApiKeyBody.Of);
    }
}
