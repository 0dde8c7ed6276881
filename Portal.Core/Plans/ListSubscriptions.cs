using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Plans;

/// <summary>A row of the list of subscriptions.</summary>
public sealed record SubscriptionRow(
    Guid Id, Guid OrganisationId, string OrganisationName, Guid PlanId, string PlanName, SubscriptionStatus Status, DateOnly StartsOn, DateOnly? EndsOn, DateOnly? TrialEndsOn, DateTimeOffset? CurrentPeriodEnd, bool CancelAtPeriodEnd);

/// <summary>Which subscriptions are asked for; a filter that is null does not apply.</summary>
public sealed record SubscriptionFilter(Guid? OrganisationId = null, Guid? PlanId = null, SubscriptionStatus? Status = null);

/// <summary>Which services are asked for; a filter that is null does not apply.</summary>
public sealed record ServiceFilter(Guid? OrganisationId = null, ServiceStatus? Status = null);

/// <summary>
/// Lists subscriptions, newest first, or by <c>organisation</c>, <c>plan</c> or <c>startsOn</c>; searches the organisation's and the plan's name; and shows
/// one; services likewise. Needs <c>subscriptions:read</c>.
/// </summary>
public sealed class ListSubscriptions(IBillingStore store)
{
    public async Task<Result<PagedList<SubscriptionRow>>> RunAsync(CallContext call, SubscriptionFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (SubscriptionAccess.Refuse(call, Permissions.SubscriptionsRead) is { } refused)
            return refused;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rows = db.Subscriptions.AsNoTracking()
            .Join(db.Organisations, subscription => subscription.OrganisationId, organisation => organisation.Id, (subscription, organisation) => new { subscription, organisation })
            .Join(db.Plans, pair => pair.subscription.PlanId, plan => plan.Id, (pair, plan) => new { pair.subscription, OrganisationName = pair.organisation.Name, PlanName = plan.Name });
        if (filter.OrganisationId is { } organisationId)
            rows = rows.Where(row => row.subscription.OrganisationId == organisationId);
        if (filter.PlanId is { } planId)
            rows = rows.Where(row => row.subscription.PlanId == planId);
        if (filter.Status is { } status)
            rows = rows.Where(row => row.subscription.Status == status);
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var pattern = LikePattern.Containing(list.Search);
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            rows = rows.Where(row => EF.Functions.Like(row.OrganisationName.ToLower(), pattern, @"\") || EF.Functions.Like(row.PlanName.ToLower(), pattern, @"\"));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        int? total = list.WithTotal ? await rows.CountAsync(cancellationToken) : null;
        if (list.After is { } after)
            rows = rows.Where(row => row.subscription.Id < after);
        var sorted = (list.After is null ? list.Sort : null, list.Descending) switch
        {
            ("organisation", false) => rows.OrderBy(row => row.OrganisationName).ThenBy(row => row.subscription.Id),
            ("organisation", true) => rows.OrderByDescending(row => row.OrganisationName).ThenByDescending(row => row.subscription.Id),
            ("plan", false) => rows.OrderBy(row => row.PlanName).ThenBy(row => row.subscription.Id),
            ("plan", true) => rows.OrderByDescending(row => row.PlanName).ThenByDescending(row => row.subscription.Id),
            ("startsOn", false) => rows.OrderBy(row => row.subscription.StartsOn).ThenBy(row => row.subscription.Id),
            ("startsOn", true) => rows.OrderByDescending(row => row.subscription.StartsOn).ThenByDescending(row => row.subscription.Id),
            _ => rows.OrderByDescending(row => row.subscription.Id),
        };
        var fetched = await sorted.Skip(list.After is null ? list.Skip : 0).Take(list.Fetch)
            .Select(row => new SubscriptionRow(
                row.subscription.Id, row.subscription.OrganisationId, row.OrganisationName, row.subscription.PlanId, row.PlanName, row.subscription.Status,
                row.subscription.StartsOn, row.subscription.EndsOn, row.subscription.TrialEndsOn, row.subscription.CurrentPeriodEnd, row.subscription.CancelAtPeriodEnd))
            .ToListAsync(cancellationToken);
        return PagedList<SubscriptionRow>.Cut(fetched, list, total);
    }

    /// <summary>One with its phases. Fails with <c>not_found</c>.</summary>
    public async Task<Result<Subscription>> GetAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        if (SubscriptionAccess.Refuse(call, Permissions.SubscriptionsRead) is { } refused)
            return refused;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await db.Subscriptions.AsNoTracking().Include(row => row.Phases).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } subscription
            ? subscription
            : Failure.NotFound("subscription");
    }

    /// <summary>One service with its phases. Fails with <c>not_found</c>.</summary>
    public async Task<Result<Service>> ServiceAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        if (SubscriptionAccess.Refuse(call, Permissions.SubscriptionsRead) is { } refused)
            return refused;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await db.Services.AsNoTracking().Include(row => row.Phases).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } service
            ? service
            : Failure.NotFound("service");
    }

    /// <summary>Services, newest first, or by <c>name</c>; searches name, type and serial.</summary>
    public async Task<Result<PagedList<Service>>> ServicesAsync(CallContext call, ServiceFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (SubscriptionAccess.Refuse(call, Permissions.SubscriptionsRead) is { } refused)
            return refused;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rows = db.Services.AsNoTracking();
        if (filter.OrganisationId is { } organisationId)
            rows = rows.Where(row => row.OrganisationId == organisationId);
        if (filter.Status is { } status)
            rows = rows.Where(row => row.Status == status);
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var pattern = LikePattern.Containing(list.Search);
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            rows = rows.Where(row => EF.Functions.Like(row.Name.ToLower(), pattern, @"\") || EF.Functions.Like(row.Type.ToLower(), pattern, @"\") || EF.Functions.Like(row.Serial!.ToLower(), pattern, @"\"));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        var all = rows;
        if (list.After is { } after)
            rows = rows.Where(row => row.Id < after);
        var sorted = (list.After is null ? list.Sort : null, list.Descending) switch
        {
            ("name", false) => rows.OrderBy(row => row.Name).ThenBy(row => row.Id),
            ("name", true) => rows.OrderByDescending(row => row.Name).ThenByDescending(row => row.Id),
            _ => rows.OrderByDescending(row => row.Id),
        };
        return await PagedList<Service>.ReadAsync(sorted.Skip(list.After is null ? list.Skip : 0).Take(list.Fetch), list, all.CountAsync, cancellationToken);
    }
}
