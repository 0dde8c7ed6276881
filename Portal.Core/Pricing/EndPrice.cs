using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Pricing;

/// <summary>The first day on which the price is no longer in force.</summary>
public sealed record EndPriceRequest(Guid PriceId, DateOnly? EffectiveTo);

/// <summary>Ends a price. The only change that a price knows: what was billed by it stays explained by it.</summary>
public sealed class EndPrice(IBillingStore store, TimeProvider clock)
{
    public async Task<Result<PriceDetails>> RunAsync(CallContext call, EndPriceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.PricesWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (request.EffectiveTo is not { } effectiveTo)
            return Failure.Invalid("effectiveTo", "Enter the first day it no longer applies.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Price>(request.PriceId, cancellationToken) is null)
            return Failure.NotFound("price");
        var price = await db.Prices.Include(price => price.Tiers).SingleAsync(price => price.Id == request.PriceId, cancellationToken);
        if (effectiveTo <= price.EffectiveFrom)
            return Failure.Invalid("effectiveTo", "The end must be after the first day.");
        if (price.EffectiveTo <= effectiveTo)
            return Failure.Conflict("price_ended", "The price already ends on or before that day. The end can be moved earlier, not later.");
        var now = clock.GetUtcNow();
        var before = new { price.EffectiveTo };
        price.End(effectiveTo, now);
        db.Audit(call, new AuditRecord("price.ended", "price", price.Id, price.OrganisationId, before, new { price.EffectiveTo }), now);
        var organisationName = await db.Organisations.Where(organisation => organisation.Id == price.OrganisationId).Select(organisation => organisation.Name).SingleOrDefaultAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return PriceDetails.Of(price, organisationName);
    }
}
