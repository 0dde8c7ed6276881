using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Pricing;

/// <summary>One price with its tiers.</summary>
public sealed class GetPrice(IBillingStore store)
{
    public async Task<Result<PriceDetails>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PricesRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var price = await db.Prices.AsNoTracking().Include(price => price.Tiers)
            .Where(price => price.Id == id)
            .Where(price => call.OrganisationId == null || price.OrganisationId == null || price.OrganisationId == call.OrganisationId)
            .SingleOrDefaultAsync(cancellationToken);
        if (price is null)
            return Failure.NotFound("price");
        var organisationName = await db.Organisations.Where(organisation => organisation.Id == price.OrganisationId).Select(organisation => organisation.Name).SingleOrDefaultAsync(cancellationToken);
        var planName = await db.Plans.Where(plan => plan.Id == price.PlanId).Select(plan => plan.Name).SingleOrDefaultAsync(cancellationToken);
        return PriceDetails.Of(price, organisationName, planName);
    }
}
