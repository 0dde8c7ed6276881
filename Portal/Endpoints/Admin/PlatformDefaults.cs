using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Settings;

namespace Portal.Endpoints.Admin;

/// <summary>What a request may leave out.</summary>
internal sealed class PlatformDefaults(IBillingStore store)
{
    /// <summary>The platform's own IANA zone.</summary>
    public async Task<string> TimeZoneAsync(CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(new AccessScope.System("Reads the platform's settings"), cancellationToken);
        return (await db.PlatformSettingsAsync(cancellationToken)).TimeZone;
    }
}
