using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>Which events are asked for; what is null does not narrow.</summary>
public sealed record UsageEventFilter
{
    public required Guid OrganisationId { get; init; }

    /// <summary>The billing month.</summary>
    public BillingMonth? Month { get; init; }

    /// <summary>A day of the organisation's zone.</summary>
    public DateOnly? Day { get; init; }

    public string? MetricName { get; init; }

    public Guid? ProjectId { get; init; }

    /// <summary>The API key that sent them.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>The hour that begins at this instant.</summary>
    public DateTimeOffset? Hour { get; init; }

    /// <summary>Events whose metadata says so.</summary>
    public MetadataFilter? Metadata { get; init; }
}

/// <summary>An event as lists show it.</summary>
/// <param name="Id">Given at receipt.</param>
/// <param name="ProjectId">The project of the key that sent it.</param>
/// <param name="MetricName">What was counted.</param>
/// <param name="Quantity">How much of it.</param>
/// <param name="Unit">In what.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="IngestedAt">When it was received.</param>
/// <param name="IdempotencyKey">The sender's own name for it.</param>
/// <param name="Supersedes">The event that it replaces.</param>
/// <param name="ApiKeyId">The key that sent it; null where that was not written down.</param>
/// <param name="ApiKeyName">The key's name.</param>
public sealed record UsageEventRow(
    Guid Id, Guid ProjectId, string MetricName, decimal Quantity, string Unit, DateTimeOffset Timestamp, DateTimeOffset IngestedAt, string? IdempotencyKey, Guid? Supersedes, Guid? ApiKeyId, string? ApiKeyName);

/// <summary>
/// Lists raw events, the latest received first, by keyset (<see cref="ListRequest.After"/>). Searches for one idempotency key or event id, exactly;
/// a search looks at every month and metric.
/// </summary>
public sealed class ListUsageEvents(IBillingStore store, IUsageEventStore events)
{
    public async Task<Result<PagedList<UsageEventRow>>> RunAsync(CallContext call, UsageEventFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.UsageRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var organisation = await db.Organisations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == filter.OrganisationId, cancellationToken);
        if (organisation is null)
            return Failure.NotFound("organisation");
        var rows = db.UsageEvents.AsNoTracking().Where(row => row.OrganisationId == filter.OrganisationId);
        rows = string.IsNullOrWhiteSpace(list.Search)
            ? Narrow(rows, filter, organisation.Calendar)
            : await SearchAsync(db, rows, filter.OrganisationId, list.Search.Trim(), cancellationToken);
        if (list.After is { } after)
            rows = rows.Where(row => row.Id < after);
        var fetched = await rows.OrderByDescending(row => row.Id).Take(list.Fetch)
            .Select(row => new UsageEventRow(row.Id, row.ProjectId, row.MetricName, row.MetricValue, row.Unit, row.Timestamp, row.IngestedAt, row.IdempotencyKey, row.Supersedes, row.ApiKeyId,
                db.ApiKeys.Where(key => key.Id == row.ApiKeyId).Select(key => key.Name).FirstOrDefault()))
            .ToListAsync(cancellationToken);
        return PagedList<UsageEventRow>.Cut(fetched, list, total: null);
    }

    private static IQueryable<UsageEvent> Narrow(IQueryable<UsageEvent> rows, UsageEventFilter filter, BillingCalendar calendar)
    {
        if (filter.Month is { } month)
        {
            // The number decides; the span, with room for a change of zone, only leaves out the partitions of other months.
            var (index, start, end) = (month.Index, calendar.Period(month).Start.AddDays(-2), calendar.Period(month).End.AddDays(2));
            rows = rows.Where(row => row.BillingMonth == index && row.Timestamp >= start && row.Timestamp < end);
        }

        if (filter.Day is { } day)
        {
            var span = calendar.Day(day);
            rows = rows.Where(row => row.Timestamp >= span.Start && row.Timestamp < span.End);
        }

        if (filter.Hour is { } hour)
        {
            var end = hour.AddHours(1);
            rows = rows.Where(row => row.Timestamp >= hour && row.Timestamp < end);
        }

        if (filter.Metadata is { } metadata)
        {
            var (text, literal) = metadata.Parts;
            rows = rows.Where(row => UsageFunctions.Holds(row.Metadata, text) || UsageFunctions.Holds(row.Metadata, literal));
        }

        if (filter.MetricName is { } metric)
            rows = rows.Where(row => row.MetricName == metric);
        if (filter.ProjectId is { } project)
            rows = rows.Where(row => row.ProjectId == project);
        if (filter.ApiKeyId is { } key)
            rows = rows.Where(row => row.ApiKeyId == key);
        return rows;
    }

    private async Task<IQueryable<UsageEvent>> SearchAsync(IBillingDb db, IQueryable<UsageEvent> rows, Guid organisationId, string search, CancellationToken cancellationToken)
    {
        // Keys are looked up outside of the scope, so the projects that they belong to come from inside of it.
        var projects = await db.Projects.Where(project => project.OrganisationId == organisationId).Select(project => project.Id).ToListAsync(cancellationToken);
        var found = (await events.FindByKeyAsync(projects, search, cancellationToken)).ToList();
        if (Guid.TryParse(search, out var id))
            found.Add(id);
        return rows.Where(row => found.Contains(row.Id));
    }
}
