using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Plans;

/// <summary>A row of the list of plans.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Subscriptions">That run now; for customers 0.</param>
public sealed record PlanRow(Plan Plan, int Subscriptions);

/// <summary>Which plans are asked for; a filter that is null does not apply.</summary>
/// <param name="IsActive">On sale, or archived.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record PlanFilter(bool? IsActive = null, string? Currency = null);

/// <summary>Lists plans, newest first; sorts by <c>name</c>, <c>code</c> or <c>price</c>; searches name and code. Customers see those that they may change to.</summary>
public sealed class ListPlans(IBillingStore store)
{
    /// <summary>Needs <c>plans:read</c>.</summary>
    public async Task<Result<PagedList<PlanRow>>> RunAsync(CallContext call, PlanFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.PlansRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var plans = db.Plans.AsNoTracking();
        if (call.OrganisationId is not null)
            plans = plans.Where(plan => plan.IsActive && plan.CustomersMayChange);
        if (filter.IsActive is { } wanted)
            plans = plans.Where(plan => plan.IsActive == wanted);
        if (filter.Currency is { } currency)
            plans = plans.Where(plan => plan.Currency == currency);
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var pattern = LikePattern.Containing(list.Search);
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            plans = plans.Where(plan => EF.Functions.Like(plan.Name.ToLower(), pattern, @"\") || EF.Functions.Like(plan.Code, pattern, @"\"));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        int? total = list.WithTotal ? await plans.CountAsync(cancellationToken) : null;
        var sorted = (list.After is null ? list.Sort : null, list.Descending) switch
        {
            ("name", false) => plans.OrderBy(plan => plan.Name).ThenBy(plan => plan.Id),
            ("name", true) => plans.OrderByDescending(plan => plan.Name).ThenByDescending(plan => plan.Id),
            ("code", false) => plans.OrderBy(plan => plan.Code),
            ("code", true) => plans.OrderByDescending(plan => plan.Code),
            ("price", false) => plans.OrderBy(plan => plan.Currency).ThenBy(plan => plan.PriceAmount).ThenBy(plan => plan.Id),
            ("price", true) => plans.OrderByDescending(plan => plan.Currency).ThenByDescending(plan => plan.PriceAmount).ThenByDescending(plan => plan.Id),
            _ => plans.OrderByDescending(plan => plan.Id),
        };
        var page = list.After is { } after ? sorted.Where(plan => plan.Id < after) : sorted.Skip(list.Skip);
        var isStaff = call.OrganisationId is null;
        var rows = await page.Take(list.Fetch)
            .Select(plan => new PlanRow(plan, isStaff ? db.Subscriptions.Count(subscription => subscription.PlanId == plan.Id && subscription.Status != SubscriptionStatus.Cancelled && subscription.Status != SubscriptionStatus.Expired) : 0))
            .ToListAsync(cancellationToken);
        return PagedList<PlanRow>.Cut(rows, list, total);
    }

    /// <summary>One; customers see it while they may change to it. Fails with <c>not_found</c>.</summary>
    public async Task<Result<PlanRow>> GetAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PlansRead))
            return Failure.Forbidden();
        var isStaff = call.OrganisationId is null;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var row = await db.Plans.AsNoTracking().Where(plan => plan.Id == id && (isStaff || (plan.IsActive && plan.CustomersMayChange)))
            .Select(plan => new PlanRow(plan, isStaff ? db.Subscriptions.Count(subscription => subscription.PlanId == plan.Id && subscription.Status != SubscriptionStatus.Cancelled && subscription.Status != SubscriptionStatus.Expired) : 0))
            .SingleOrDefaultAsync(cancellationToken);
        return row is null ? Failure.NotFound("plan") : row;
    }
}
