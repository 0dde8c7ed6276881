using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.ApiKeys;

/// <summary>How a key stands.</summary>
public enum ApiKeyState
{
    Active,

    /// <summary>Replaced; still good until it expires.</summary>
    Rotated,
    Expired,
    Revoked,
}

/// <summary>A row of the list of keys; never the key itself.</summary>
public sealed record ApiKeyRow(
    Guid Id, Guid ProjectId, string ProjectName, string Name, string Prefix, IReadOnlyList<string> Scopes, int? RateLimitPerHour,
    DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, Guid? RotatedToId, DateTimeOffset? LastUsedAt, DateTimeOffset CreatedAt)
{
    public ApiKeyState StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? ApiKeyState.Revoked
        : ExpiresAt <= now ? ApiKeyState.Expired
        : RotatedToId is not null ? ApiKeyState.Rotated
        : ApiKeyState.Active;
}

/// <summary>Lists an organisation's keys, or one project's. Searches name and prefix; newest first.</summary>
public sealed class ListApiKeys(IBillingStore store)
{
    public async Task<Result<PagedList<ApiKeyRow>>> RunAsync(CallContext call, Guid organisationId, Guid? projectId, ListRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.KeysRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (!await db.Organisations.AnyAsync(organisation => organisation.Id == organisationId, cancellationToken))
            return Failure.NotFound("organisation");
        var rows = db.ApiKeys.AsNoTracking().Where(key => key.OrganisationId == organisationId && (projectId == null || key.ProjectId == projectId));
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            var pattern = LikePattern.Containing(request.Search);
            rows = rows.Where(key => EF.Functions.Like(key.Name.ToLower(), pattern, @"\") || EF.Functions.Like(key.Prefix.ToLower(), pattern, @"\"));
        }

        var total = request.WithTotal ? await rows.CountAsync(cancellationToken) : (int?)null;
        var sorted = rows.OrderByDescending(key => key.Id);
        var page = request.After is { } after ? sorted.Where(key => key.Id < after) : sorted.Skip(request.Skip);
        var fetched = await page.Take(request.Fetch)
            .Join(db.Projects, key => key.ProjectId, project => project.Id, (key, project) => new ApiKeyRow(
                key.Id, key.ProjectId, project.Name, key.Name, key.Prefix, key.Scopes, key.RateLimitPerHour,
                key.ExpiresAt, key.RevokedAt, key.RotatedToId, key.LastUsedAt, key.CreatedAt))
            .ToListAsync(cancellationToken);
        fetched.Sort((left, right) => right.Id.CompareTo(left.Id));
        return PagedList<ApiKeyRow>.Cut(fetched, request, total);
    }
}
