using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Audit;

/// <summary>One change in the life of something.</summary>
/// <param name="Id">The audit row.</param>
/// <param name="Action">E.g. <c>api_key.issued</c>.</param>
/// <param name="ActorKind">A person, a key or a job.</param>
/// <param name="ActorName">A mail address, a key's public prefix or a job's name.</param>
/// <param name="CreatedAt">When.</param>
public sealed record HistoryEntry(Guid Id, string Action, ActorKind ActorKind, string ActorName, DateTimeOffset CreatedAt);

/// <summary>What happened to a thing, newest first: the timeline beside it.</summary>
public sealed class ListHistory(IBillingStore store)
{
    private const int MostKeys = 500;

    /// <summary>Needs <c>audit:read</c>. With a project come its keys.</summary>
    /// <param name="call">Who asks; sees the rows of its scope only.</param>
    /// <param name="entityIds">The thing, and what belongs to it.</param>
    /// <param name="take">Rows, 1 to 200.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<Result<IReadOnlyList<HistoryEntry>>> RunAsync(CallContext call, IReadOnlyList<Guid> entityIds, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.AuditRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var keys = await db.ApiKeys.Where(key => entityIds.Contains(key.ProjectId)).OrderByDescending(key => key.Id).Select(key => key.Id).Take(MostKeys).ToListAsync(cancellationToken);
        List<Guid> ids = [.. entityIds, .. keys];
        // The log has rows of no organisation, so the organisation's wall is not on it as a filter; the database's is, and so is this.
        var rows = db.AuditLog.AsNoTracking().Where(entry => ids.Contains(entry.EntityId));
        if (call.OrganisationId is { } organisation)
            rows = rows.Where(entry => entry.OrganisationId == organisation);
        var entries = await rows.OrderByDescending(entry => entry.Id)
            .Take(Math.Clamp(take, 1, 200))
            .Select(entry => new HistoryEntry(entry.Id, entry.Action, entry.ActorKind, entry.ActorName, entry.CreatedAt))
            .ToListAsync(cancellationToken);
        return Result<IReadOnlyList<HistoryEntry>>.From(entries);
    }
}
