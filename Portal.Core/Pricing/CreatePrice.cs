using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Pricing;

/// <summary>Makes a price. Staff only. Fails with <c>price_overlap</c> when another of the same scope is in force on one of its days.</summary>
public sealed class CreatePrice(IBillingStore store, TimeProvider clock)
{
    public async Task<Result<PriceDetails>> RunAsync(CallContext call, PriceInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PricesWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (PriceValidation.Check(input, out var failures) is not { } definition)
            return failures;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var organisationName = definition.OrganisationId is { } owner
            ? await db.Organisations.Where(organisation => organisation.Id == owner).Select(organisation => organisation.Name).SingleOrDefaultAsync(cancellationToken)
            : null;
        if (definition.OrganisationId is not null && organisationName is null)
            return Failure.Invalid("organisationId", "Organisation not found.");
        if (definition.PlanId is { } plan && !await db.Plans.AnyAsync(row => row.Id == plan, cancellationToken))
            return Failure.Invalid("planId", "Plan not found.");
        var now = clock.GetUtcNow();
        var price = Price.Create(definition, now);
        if (input.Replaces is { } replaced && await EndAsync(db, call, replaced, price, now, cancellationToken) is { } refusal)
            return refusal;
        db.Prices.Add(price);
        db.Audit(call, new AuditRecord("price.created", "price", price.Id, price.OrganisationId, After: definition), now);
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (UniqueViolationException refused) when (refused.Constraint == "prices_no_overlap")
        {
            return Failure.Conflict("price_overlap", "Another price for this metric, unit and scope overlaps these dates. End it first, or choose other dates.");
        }

        return PriceDetails.Of(price, organisationName);
    }

    // The end is written before the new price, so that the two never stand side by side; neither is kept without the other.
    private static async Task<Failure?> EndAsync(IBillingDb db, CallContext call, Guid id, Price next, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.LockAsync<Price>(id, cancellationToken) is not { } old)
            return Failure.Invalid("replaces", "Price not found.");
        if ((old.MetricName, old.Unit, old.OrganisationId, old.PlanId) != (next.MetricName, next.Unit, next.OrganisationId, next.PlanId))
            return Failure.Invalid("replaces", "A new version must have the same metric, unit and scope.");
        if (next.EffectiveFrom <= old.EffectiveFrom)
            return Failure.Invalid("effectiveFrom", "A new version must start after the first day of the current one.");
        if (old.EffectiveTo <= next.EffectiveFrom)
            return null;
        var before = new { old.EffectiveTo };
        old.End(next.EffectiveFrom, now);
        db.Audit(call, new AuditRecord("price.ended", "price", old.Id, old.OrganisationId, before, new { old.EffectiveTo, ReplacedBy = next.Id }), now);
        await db.SaveAsync(cancellationToken);
        return null;
    }
}
