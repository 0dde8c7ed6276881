using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Settings;

namespace Portal.Core.Organisations;

/// <summary>What a new organisation begins with.</summary>
public sealed class GetDefaults(IBillingStore store)
{
    /// <summary>Needs <c>organisations:write</c>, as staff.</summary>
    public async Task<Result<PlatformSettings>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.OrganisationsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await db.PlatformSettingsAsync(cancellationToken);
    }
}
