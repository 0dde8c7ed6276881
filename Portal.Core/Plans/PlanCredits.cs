using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.PrepaidCredits;

namespace Portal.Core.Plans;

/// <summary>
/// Grants the credits that plans include, once for each period that is paid for: they expire with it. Who enters a period in its middle, by a change of
/// plan, gets the part of its remaining days; nobody gets a plan's credits of a period twice by going to and fro.
/// </summary>
internal static class PlanCredits
{
    /// <summary>The organisations' rows are locked by the caller. Returns how many grants were made.</summary>
    public static async Task<int> GrantAsync(
        IBillingDb db, IPrepaidBook book, CallContext call, IReadOnlyCollection<(Organisation Organisation, Subscription Subscription)> running, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var planIds = running.Select(pair => pair.Subscription.PlanId).Distinct().ToList();
        var plans = await db.Plans.AsNoTracking().Where(plan => planIds.Contains(plan.Id) && plan.IncludedCredits > 0).ToDictionaryAsync(plan => plan.Id, cancellationToken);
        if (plans.Count == 0)
            return 0;
        var wanted = running.Select(pair => Grant(pair.Organisation, pair.Subscription, plans.GetValueOrDefault(pair.Subscription.PlanId), now)).OfType<NewPrepaidGrant>().ToList();
        var sources = wanted.Select(grant => grant.SourceId!.Value).ToList();
        var had = await db.PrepaidGrants.Where(grant => grant.Kind == PrepaidGrantKind.Plan && sources.Contains(grant.SourceId)).Select(grant => grant.SourceId).ToListAsync(cancellationToken);
        var made = 0;
        foreach (var grant in wanted.Where(grant => !had.Contains(grant.SourceId!.Value)))
        {
            if (await book.GrantAsync(db, grant, now, cancellationToken) is not { } granted)
                continue;
            db.Audit(call, new AuditRecord("prepaid_credits.granted", "prepaid_grant", granted.Id, granted.OrganisationId, After: new { granted.Kind, granted.Credits, granted.ExpiresAt, granted.Reason }), now);
            made++;
        }

        return made;
    }

    // Null while nothing is paid for: before it begins, and while it is tried out.
    private static NewPrepaidGrant? Grant(Organisation organisation, Subscription subscription, Plan? plan, DateTimeOffset now)
    {
        var today = Subscription.Today(organisation.Calendar, now);
        if (plan is null || subscription.IsOver || subscription.PhaseOn(today) is var phase && today < phase.ChargedFrom)
            return null;
        var period = subscription.PeriodOn(today);
        var from = phase.ChargedFrom > period.From ? phase.ChargedFrom : period.From;
        var part = (decimal)(period.To.DayNumber - from.DayNumber) / period.Days;
        var credits = decimal.Round(plan.IncludedCredits * part, CreditCost.Decimals, MidpointRounding.ToZero);
        return credits <= 0
            ? null
            : new NewPrepaidGrant(organisation.Id, PrepaidGrantKind.Plan, credits, SourceOf(subscription.Id, plan.Id, period.From), period.Instants(organisation.Calendar).End, $"Included in {plan.Name}");
    }

    // The same for the same period of the same plan, whoever asks.
    private static Guid SourceOf(Guid subscriptionId, Guid planId, DateOnly period) =>
        new(SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{subscriptionId:n}:{planId:n}:{period:yyyy-MM-dd}"))).AsSpan(0, 16), bigEndian: true);
}
