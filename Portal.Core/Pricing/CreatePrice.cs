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
            return Failure.Invalid("organisationId", "There is no such organisation.");
        var now = clock.GetUtcNow();
        var price = Price.Create(definition, now);
        db.Prices.Add(price);
        db.Audit(call, new AuditRecord("price.created", "price", price.Id, price.OrganisationId, After: definition), now);
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (UniqueViolationException refused) when (refused.Constraint == "prices_no_overlap")
        {
            return Failure.Conflict("price_overlap", "Another price of this metric, unit and scope is in force on one of these days. End it first, or choose other days.");
        }

        return PriceDetails.Of(price, organisationName);
    }
}
