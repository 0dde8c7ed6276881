using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Audit;

/// <summary>Which audit rows are asked for; a filter that is null does not apply.</summary>
/// <param name="EntityType">E.g. <c>invoice</c>.</param>
/// <param name="EntityId">One thing's history.</param>
/// <param name="Action">E.g. <c>invoice.issued</c>; one that ends in <c>.</c> stands for all that begin with it.</param>
/// <param name="ActorKind">People, keys or jobs.</param>
/// <param name="OrganisationId">What concerns one organisation.</param>
public sealed record AuditFilter(string? EntityType = null, Guid? EntityId = null, string? Action = null, ActorKind? ActorKind = null, Guid? OrganisationId = null)
{
    /// <summary>One row, by its own id.</summary>
    public Guid? EntryId { get; init; }

    /// <summary>From this moment on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>A row of the audit log.</summary>
public sealed record AuditRow(
    Guid Id,
    DateTimeOffset CreatedAt,
    ActorKind ActorKind,
    Guid? ActorId,
    string ActorName,
    string Action,
    string EntityType,
    Guid EntityId,
    Guid? OrganisationId,
    string? OrganisationName,
    string? Before,
    string? After,
    string? IpAddress,
    string? UserAgent,
    string CorrelationId);

/// <summary>The audit log, newest first; paged by skip or after an id. Searches the actor's name.</summary>
public sealed class ListAuditEntries(IBillingStore store)
{
    /// <summary>Needs <c>audit:read</c>. There is no sort and no total: the log has no end.</summary>
    public async Task<Result<PagedList<AuditRow>>> RunAsync(CallContext call, AuditFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.AuditRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rows = Filter(db.AuditLog.AsNoTracking(), filter, call.OrganisationId ?? filter.OrganisationId, list.Search);
        rows = rows.OrderByDescending(row => row.Id);
        rows = list.After is { } after ? rows.Where(row => row.Id < after) : rows.Skip(list.Skip);
        var found = await rows.Take(list.Fetch)
            .Select(row => new AuditRow(
                row.Id,
                row.CreatedAt,
                row.ActorKind,
                row.ActorId,
                row.ActorName,
                row.Action,
                row.EntityType,
                row.EntityId,
                row.OrganisationId,
                db.Organisations.Where(organisation => organisation.Id == row.OrganisationId).Select(organisation => organisation.Name).FirstOrDefault(),
                row.Before,
                row.After,
                row.IpAddress,
                row.UserAgent,
                row.CorrelationId))
            .ToListAsync(cancellationToken);
        return PagedList<AuditRow>.Cut(found, list, null);
    }

    private static IQueryable<AuditEntry> Filter(IQueryable<AuditEntry> rows, AuditFilter filter, Guid? organisationId, string? search)
    {
        if (organisationId is { } organisation)
            rows = rows.Where(row => row.OrganisationId == organisation);
        if (filter.EntityType is { } type)
            rows = rows.Where(row => row.EntityType == type);
        if (filter.EntityId is { } entity)
            rows = rows.Where(row => row.EntityId == entity);
        if (filter.EntryId is { } entry)
            rows = rows.Where(row => row.Id == entry);
        // A row's id begins with its time, to the millisecond, so the ends of the span are found in the index of ids.
        if (filter.From is { } from)
        {
            var first = Bound(from);
            rows = rows.Where(row => row.Id >= first && row.CreatedAt >= from);
        }

        if (filter.Until is { } until)
        {
            var last = Bound(until.AddMilliseconds(1));
            rows = rows.Where(row => row.Id < last && row.CreatedAt < until);
        }

        if (filter.Action is { } action)
            rows = action.EndsWith('.') ? rows.Where(row => row.Action.StartsWith(action)) : rows.Where(row => row.Action == action);
        if (filter.ActorKind is { } kind)
            rows = rows.Where(row => row.ActorKind == kind);
        if (!string.IsNullOrWhiteSpace(search))
        {
            var pattern = LikePattern.Containing(search);
            rows = rows.Where(row => EF.Functions.Like(row.ActorName.ToLower(), pattern, @"\"));
        }

        return rows;
    }

    // The least id that a row of this moment can have: RFC 9562, 48 bits of milliseconds first.
    private static Guid Bound(DateTimeOffset moment)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, moment.ToUnixTimeMilliseconds() << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
