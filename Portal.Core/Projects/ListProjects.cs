using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Projects;

/// <summary>A row of the list of projects.</summary>
public sealed record ProjectRow(Guid Id, Guid OrganisationId, string Name, string? Description, bool IsActive, int ActiveKeys, DateTimeOffset? LastUsedAt, DateTimeOffset CreatedAt);

/// <summary>Lists an organisation's projects. Searches the name; sorts by <c>name</c>, else newest first.</summary>
public sealed class ListProjects(IBillingStore store, TimeProvider clock)
{
    public async Task<Result<PagedList<ProjectRow>>> RunAsync(CallContext call, Guid organisationId, ListRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.ProjectsRead))
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (!await db.Organisations.AnyAsync(organisation => organisation.Id == organisationId, cancellationToken))
            return Failure.NotFound("organisation");
        var rows = db.Projects.AsNoTracking().Where(project => project.OrganisationId == organisationId);
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            var pattern = LikePattern.Containing(request.Search);
            rows = rows.Where(project => EF.Functions.Like(project.Name.ToLower(), pattern, @"\"));
        }

        var total = request.WithTotal ? await rows.CountAsync(cancellationToken) : (int?)null;
        var sorted = (request.Sort, request.Descending) switch
        {
            ("name", false) => rows.OrderBy(project => project.Name),
            ("name", true) => rows.OrderByDescending(project => project.Name),
            _ => rows.OrderByDescending(project => project.Id),
        };
        var page = request.After is { } after ? sorted.Where(project => project.Id < after) : sorted.Skip(request.Skip);
        var fetched = await page.Take(request.Fetch)
            .Select(project => new ProjectRow(project.Id, project.OrganisationId, project.Name, project.Description, project.IsActive,
                db.ApiKeys.Count(key => key.ProjectId == project.Id && key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now)),
                db.ApiKeys.Where(key => key.ProjectId == project.Id).Max(key => key.LastUsedAt),
                project.CreatedAt))
            .ToListAsync(cancellationToken);
        return PagedList<ProjectRow>.Cut(fetched, request, total);
    }
}
