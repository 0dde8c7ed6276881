using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Discounts;
using Portal.Core.Kernel;
using Portal.Core.Plans;

namespace Portal.Core.Analytics;

/// <summary>The kept figures as the database computes them.</summary>
public interface IAnalyticsBook
{
    /// <summary>Organisations with subscriptions or services that changed since the last look at them, or that were not looked at today; after an id, in order.</summary>
    Task<IReadOnlyList<Guid>> ToLookAtAsync(IBillingDb db, Guid after, int take, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Lets one session at a time write movements; until the session ends.</summary>
    Task LockAsync(IBillingDb db, CancellationToken cancellationToken);

    /// <summary>Writes the months anew in which invoices were issued or voided since the last time, and the cohorts. Returns how many months.</summary>
    Task<int> KeepRevenueAsync(IBillingDb db, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>
/// Writes what has moved in monthly recurring revenue, out of subscriptions, services and discounts as they are. May run at any time, twice and at once:
/// a movement is written once.
/// </summary>
public sealed class KeepMrr(IBillingStore store, IAnalyticsBook book, TimeProvider clock)
{
    private const int BatchSize = 500;

    /// <summary>Returns how many movements were written.</summary>
    public async Task<int> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Scope is not AccessScope.System)
            return 0;
        var (written, after) = (0, Guid.Empty);
        while (true)
        {
            await using var db = await store.OpenAsync(call.Scope, cancellationToken);
            await book.LockAsync(db, cancellationToken);
            var now = clock.GetUtcNow();
            var owners = await book.ToLookAtAsync(db, after, BatchSize, now, cancellationToken);
            if (owners.Count == 0)
                return written;
            after = owners[^1];
            written += await LookAsync(db, owners, now, cancellationToken);
            await db.CommitAsync(cancellationToken);
        }
    }

    private static async Task<int> LookAsync(IBillingDb db, IReadOnlyList<Guid> owners, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var organisations = await db.Organisations.AsNoTracking().Where(row => owners.Contains(row.Id)).ToListAsync(cancellationToken);
        var subscriptions = (await db.Subscriptions.AsNoTracking().Include(row => row.Phases).Where(row => owners.Contains(row.OrganisationId)).ToListAsync(cancellationToken)).ToLookup(row => row.OrganisationId);
        var services = (await db.Services.AsNoTracking().Include(row => row.Phases).Where(row => owners.Contains(row.OrganisationId)).ToListAsync(cancellationToken)).ToLookup(row => row.OrganisationId);
        // Of the whole invoice, for more than one month: others are not recurring.
        var given = (await (
            from row in db.OrganisationDiscounts.AsNoTracking()
            where owners.Contains(row.OrganisationId)
            join discount in db.Discounts on row.DiscountId equals discount.Id
            where discount.MetricName == null && (discount.Periods == null || discount.Periods > 1)
            orderby row.Id
            select new { row, discount }).ToListAsync(cancellationToken)).ToLookup(pair => pair.row.OrganisationId);
        var positions = (await db.MrrPositions.Where(row => owners.Contains(row.OrganisationId)).ToListAsync(cancellationToken)).ToLookup(row => row.OrganisationId);
        var movements = new List<MrrMovement>();
        foreach (var organisation in organisations)
        {
            var calendar = organisation.Calendar;
            var fees = MrrMath.Fees(subscriptions[organisation.Id], services[organisation.Id], instant => Subscription.Today(calendar, instant));
            List<RecurringDiscount> discounts =
            [
                .. given[organisation.Id].Select(pair => new RecurringDiscount(
                    new DiscountTerms(pair.row.Id, pair.discount.Name, pair.discount.Kind, pair.discount.Value, pair.discount.Currency, null, null, pair.row.FirstMonth, pair.row.EndMonth),
                    Subscription.Today(calendar, pair.row.CreatedAt))),
            ];
            var today = Subscription.Today(calendar, now);
            foreach (var currency in fees.Select(fee => fee.Currency).Distinct(StringComparer.Ordinal))
            {
                var position = positions[organisation.Id].SingleOrDefault(row => row.Currency == currency);
                var steps = MrrMath.Steps(position?.Mrr ?? 0, position is { Movements: > 0 }, position?.LookedOn, today, currency, fees, discounts);
                if (position is null)
                    db.MrrPositions.Add(position = MrrPosition.Begin(organisation.Id, currency));
                var number = position.Movements;
                movements.AddRange(steps.Select(step => MrrMovement.Of(organisation.Id, currency, step, ++number, now)));
                position.Look(steps.Count > 0 ? steps[^1].After : position.Mrr, MrrMath.TrialOn(today, currency, fees), steps.Count, today, now);
            }
        }

        await db.SaveAsync(cancellationToken);
        await db.InsertManyAsync(movements, cancellationToken);
        return movements.Count;
    }
}

/// <summary>Keeps revenue by month, metric, plan and country, and cohorts, out of issued invoices. May run at any time, twice and at once.</summary>
public sealed class KeepRevenue(IBillingStore store, IAnalyticsBook book, TimeProvider clock)
{
    /// <summary>Returns how many months were written anew.</summary>
    public async Task<int> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Scope is not AccessScope.System)
            return 0;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        await book.LockAsync(db, cancellationToken);
        var months = await book.KeepRevenueAsync(db, clock.GetUtcNow(), cancellationToken);
        await db.CommitAsync(cancellationToken);
        return months;
    }
}
