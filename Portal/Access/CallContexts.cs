using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Core.Access;

namespace Portal.Access;

internal sealed class CallContexts(IServiceProvider services, PersonAccessReader reader, CallOrigin origin, TimeProvider clock) : ICallContexts
{
    private static readonly IReadOnlySet<string> s_nothing = new HashSet<string>(StringComparer.Ordinal);
    private Guid? _sessionId;

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

    public async Task<CallContext> ForSelfAsync(CancellationToken cancellationToken = default)
    {
        var access = await ReadAsync(await PersonAsync(), cancellationToken);
        return Nobody(access is { IsActive: true } ? access : null);
    }

    // Requests have their own principal; circuits have the provider, which a plain endpoint's scope has not.
    private async Task<ClaimsPrincipal> PersonAsync() =>
        origin.RequestUser ?? (await services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync()).User;

    // A session that was ended elsewhere counts for nothing from the next call on.
    private async Task<PersonAccess?> ReadAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (person.PersonId() is not { } id || person.FindFirst(PersonClaims.KeyId) is not null)
            return null;
        _sessionId = person.SessionId();
        return await reader.FreshAsync(id, _sessionId, cancellationToken) is { HasEnded: false } access ? access : null;
    }

    private CallContext Nobody(PersonAccess? access) => Context(access, new AccessScope.Organisation(Guid.Empty), s_nothing);

    private CallContext Context(PersonAccess? access, AccessScope scope, IReadOnlySet<string> permissions) => new(
        new Actor(ActorKind.User, access?.UserId, access?.Email ?? "nobody"), scope, permissions, CorrelationId(), origin.IpAddress, origin.UserAgent)
    {
        SessionId = access is null ? null : _sessionId,
        ConfirmedAt = access?.ConfirmedAt,
    };

    private string CorrelationId() => Activity.Current?.TraceId.ToString() ?? Guid.CreateVersion7(clock.GetUtcNow()).ToString("n");
}
