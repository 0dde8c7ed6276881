using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Organisations;

namespace Portal.Core.Plans;

/// <summary>What the actions on subscriptions have in common.</summary>
internal static class SubscriptionAccess
{
    /// <summary>Days that a subscription may begin before or after today.</summary>
    public const int StartWithin = 366;

    public static Failure? Refuse(CallContext call, string permission = Permissions.SubscriptionsWrite)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.May(permission) ? null : Failure.Forbidden();
    }

    /// <summary>The subscription with its phases and its organisation, both locked: no run bills it meanwhile.</summary>
    public static async Task<(Organisation Organisation, Subscription Subscription)?> LockAsync(IBillingDb db, Guid id, CancellationToken cancellationToken)
    {
        var owner = await db.Subscriptions.Where(row => row.Id == id).Select(row => (Guid?)row.OrganisationId).SingleOrDefaultAsync(cancellationToken);
        if (owner is not { } organisationId || await db.LockAsync<Organisation>(organisationId, cancellationToken) is not { } organisation
            || await db.LockAsync<Subscription>(id, cancellationToken) is null)
            return null;
        return (organisation, await db.Subscriptions.Include(row => row.Phases).SingleAsync(row => row.Id == id, cancellationToken));
    }

    /// <summary>What invoices that count have of the organisation's recurring charges, by key, in the fee's currency.</summary>
    public static async Task<IReadOnlyDictionary<string, BilledCharge>> BilledAsync(IBillingDb db, Guid organisationId, CancellationToken cancellationToken)
    {
        var rows = await db.Invoices.AsNoTracking().Where(invoice => invoice.OrganisationId == organisationId && invoice.Status != Invoicing.InvoiceStatus.Void)
            .SelectMany(invoice => invoice.Lines).Where(line => line.ChargeKey != null)
            .GroupBy(line => line.ChargeKey!)
            .Select(group => new { group.Key, Amount = group.Sum(line => line.OriginalAmount ?? line.Charge), Discount = group.Sum(line => line.Discount == 0 ? 0 : line.Discount * (line.OriginalAmount ?? line.Charge) / line.Charge) })
            .ToListAsync(cancellationToken);
        return rows.ToDictionary(row => row.Key, row => new BilledCharge(row.Amount, row.Discount), StringComparer.Ordinal);
    }

    /// <summary>What the audit log says of a subscription.</summary>
    public static object Written(Subscription subscription) => new
    {
        subscription.PlanId, subscription.Status, subscription.StartsOn, subscription.EndsOn, subscription.TrialEndsOn, subscription.CancelAtPeriodEnd,
        Phases = subscription.Phases.OrderBy(phase => phase.StartsOn).Select(phase => new { phase.PlanName, phase.StartsOn, phase.EndsOn, phase.AnchorOn }).ToList(),
    };
}

/// <summary>How many people a plan lets an organisation have.</summary>
internal static class Seats
{
    /// <summary>The refusal when the plan in force lets nobody more in; null when it does, or there is no limit. The organisation's row is locked by the caller.</summary>
    /// <param name="db">The session.</param>
    /// <param name="organisationId">Where; null for the platform, which has no plan.</param>
    /// <param name="now">The instant.</param>
    /// <param name="withInvitations">True: who is invited takes a seat already.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task<Failure?> CheckAsync(IBillingDb db, Guid? organisationId, DateTimeOffset now, bool withInvitations, CancellationToken cancellationToken)
    {
        if (organisationId is not { } id)
            return null;
        var limit = await db.Subscriptions.Where(subscription => subscription.OrganisationId == id && subscription.Status != SubscriptionStatus.Cancelled && subscription.Status != SubscriptionStatus.Expired)
            .Join(db.Plans, subscription => subscription.PlanId, plan => plan.Id, (subscription, plan) => new { plan.MaxUsers, plan.Name })
            .FirstOrDefaultAsync(cancellationToken);
        if (limit?.MaxUsers is not { } most)
            return null;
        return await TakenAsync(db, id, now, withInvitations, cancellationToken) < most
            ? null
            : Failure.Conflict("seats_full", $"All {most} {(most == 1 ? "seat" : "seats")} of {limit.Name} are taken. Remove someone or change the plan.");
    }

    /// <summary>People of the organisation, and those invited.</summary>
    public static async Task<int> TakenAsync(IBillingDb db, Guid organisationId, DateTimeOffset now, bool withInvitations, CancellationToken cancellationToken)
    {
        var members = await db.RoleAssignments.CountAsync(held => held.OrganisationId == organisationId, cancellationToken);
        return withInvitations
            ? members + await Invited(db, now).CountAsync(invitation => invitation.OrganisationId == organisationId, cancellationToken)
            : members;
    }

    /// <summary>Invitations that can still be accepted.</summary>
    public static IQueryable<Invitation> Invited(IBillingDb db, DateTimeOffset now) => db.Invitations.Where(invitation => invitation.AcceptedAt == null && invitation.RevokedAt == null && invitation.ExpiresAt > now);
}
