using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.PrepaidCredits;

namespace Portal.Core.Plans;

/// <summary>
/// Has the status and the period of subscriptions follow the time: trials end, changes and cancellations take effect, terms run out; and grants the credits
/// that plans include for their periods. Nothing that is charged hangs on it. May run at any time, twice and at once.
/// </summary>
public sealed class AdvanceSubscriptions(IBillingStore store, IPrepaidBook book, TimeProvider clock)
{
    private const int BatchSize = 200;

    /// <summary>Returns how many subscriptions changed and grants were made.</summary>
    public async Task<int> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Scope is not AccessScope.System)
            return 0;
        var (changed, after) = (0, Guid.Empty);
        while (true)
        {
            await using var db = await store.OpenAsync(call.Scope, cancellationToken);
            var now = clock.GetUtcNow();
            var owners = await db.Subscriptions.Where(row => row.Status != SubscriptionStatus.Cancelled && row.Status != SubscriptionStatus.Expired && row.OrganisationId > after)
                .Select(row => row.OrganisationId).Distinct().OrderBy(id => id).Take(BatchSize).ToListAsync(cancellationToken);
            if (owners.Count == 0)
                return changed;
            after = owners[^1];
            // In the order of their ids, as everybody locks them.
            var organisations = new Dictionary<Guid, Organisation>(owners.Count);
            foreach (var owner in owners)
            {
                if (await db.LockAsync<Organisation>(owner, cancellationToken) is { } organisation)
                    organisations[owner] = organisation;
            }

            var running = await db.Subscriptions.Include(row => row.Phases)
                .Where(row => owners.Contains(row.OrganisationId) && row.Status != SubscriptionStatus.Cancelled && row.Status != SubscriptionStatus.Expired)
                .ToListAsync(cancellationToken);
            foreach (var subscription in running)
            {
                var organisation = organisations[subscription.OrganisationId];
                var before = new { subscription.Status, subscription.PlanId };
                if (!subscription.Roll(organisation.Calendar, organisation.Status != OrganisationStatus.Active, now))
                    continue;
                changed++;
                var then = new { subscription.Status, subscription.PlanId };
                if (!before.Equals(then))
                    db.Audit(call, new AuditRecord("subscription.advanced", "subscription", subscription.Id, subscription.OrganisationId, before, then), now);
            }

            changed += await PlanCredits.GrantAsync(db, book, call, [.. running.Select(row => (organisations[row.OrganisationId], row))], now, cancellationToken);
            await db.CommitAsync(cancellationToken);
        }
    }
}
