using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.Projects;

/// <summary>A row of the list of projects.</summary>
public sealed record ProjectRow(Guid Id, Guid OrganisationId, string Name, string? Description, bool IsActive, int ActiveKeys, DateTimeOffset? LastUsedAt, DateTimeOffset CreatedAt)
{
    /// <summary>Events of each of the last <see cref="RecentUsage.Days"/> days, oldest first; null when it was not asked for, or may not be read.</summary>
    public IReadOnlyList<decimal>? Usage { get; init; }
}

/// <summary>Lists an organisation's projects. Searches the name; sorts by <c>name</c>, else newest first.</summary>
public sealed class ListProjects(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>projects:read</c>; for <paramref name="withUsage"/> also <c>usage:read</c>, without which the rows have none.</summary>
    public async Task<Result<PagedList<ProjectRow>>> RunAsync(CallContext call, Guid organisationId, ListRequest request, CancellationToken cancellationToken, bool withUsage = false)
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
        var cut = PagedList<ProjectRow>.Cut(fetched, request, total);
        if (!withUsage || !call.May(Permissions.UsageRead))
            return cut;
        var usage = await RecentUsage.OfProjectsAsync(db, organisationId, [.. cut.Items.Select(row => row.Id)], now, cancellationToken);
        return cut with { Items = [.. cut.Items.Select(row => row with { Usage = usage[row.Id] })] };
    }
}
