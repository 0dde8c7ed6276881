using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Tax;

namespace Portal.Core.Organisations;

/// <summary>Takes on a customer.</summary>
public sealed class CreateOrganisation(IBillingStore store, TimeProvider clock)
{
    /// <summary>Fails with <c>invalid</c> by field.</summary>
    public async Task<Result<Organisation>> RunAsync(CallContext call, OrganisationProfile profile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.OrganisationsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        profile = OrganisationRules.Tidy(profile);
        if (OrganisationRules.Check(profile) is { Count: > 0 } failures)
            return failures;
        var now = clock.GetUtcNow();
        var organisation = Organisation.Create(profile, now);
        if (CustomerTaxRules.CheckIndia(CustomerTaxFacts.Of(organisation)).ToList() is { Count: > 0 } wrong)
            return wrong;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        db.Organisations.Add(organisation);
        db.Audit(call, new AuditRecord("organisation.created", "organisation", organisation.Id, organisation.Id, After: profile), now);
        await db.CommitAsync(cancellationToken);
        return organisation;
    }
}
