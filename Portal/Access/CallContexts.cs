using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Core.Access;

namespace Portal.Access;

internal sealed class CallContexts(IServiceProvider services, PersonAccessReader reader, CallOrigin origin, TimeProvider clock) : ICallContexts
{
    private static readonly IReadOnlySet<string> s_nothing = new HashSet<string>(StringComparer.Ordinal);

    public async Task<CallContext> ForStaffAsync(CancellationToken cancellationToken = default)
    {
        var access = await ReadAsync(await PersonAsync(), cancellationToken);
        return access is { IsActive: true, IsStaff: true }
            ? Context(access, new AccessScope.Staff(), access.PlatformPermissions)
            : Nobody(access);
    }

    public async Task<CallContext> ForOrganisationAsync(Guid organisationId, CancellationToken cancellationToken = default)
    {
        var access = await ReadAsync(await PersonAsync(), cancellationToken);
        return access is { IsActive: true } && access.In(organisationId) is { } membership
            ? Context(access, new AccessScope.Organisation(organisationId) { IsReadOnly = membership.ViewEndsAt is not null }, membership.Permissions)
            : Nobody(access);
    }

    // Requests have their own principal; circuits have the provider, which a plain endpoint's scope has not.
    private async Task<ClaimsPrincipal> PersonAsync() =>
        origin.RequestUser ?? (await services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync()).User;

    private async Task<PersonAccess?> ReadAsync(ClaimsPrincipal person, CancellationToken cancellationToken) =>
        person.PersonId() is { } id && person.FindFirst(PersonClaims.KeyId) is null ? await reader.FreshAsync(id, cancellationToken) : null;

    private CallContext Nobody(PersonAccess? access) => Context(access, new AccessScope.Organisation(Guid.Empty), s_nothing);

    private CallContext Context(PersonAccess? access, AccessScope scope, IReadOnlySet<string> permissions) => new(
        new Actor(ActorKind.User, access?.UserId, access?.Email ?? "nobody"), scope, permissions, CorrelationId(), origin.IpAddress, origin.UserAgent);

    private string CorrelationId() => Activity.Current?.TraceId.ToString() ?? Guid.CreateVersion7(clock.GetUtcNow()).ToString("n");
}
