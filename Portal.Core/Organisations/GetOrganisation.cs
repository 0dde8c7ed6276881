using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Organisations;

/// <summary>One organisation.</summary>
public sealed class GetOrganisation(IBillingStore store)
{
    public async Task<Result<Organisation>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.OrganisationsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await db.Organisations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } organisation
            ? organisation
            : Failure.NotFound("organisation");
    }
}
