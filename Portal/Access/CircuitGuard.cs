using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Options;
using Portal.Core.Access;

namespace Portal.Access;

/// <summary>
/// Looks at a circuit's person again every minute: signed out when the session is no longer good; when roles have changed, every page and button
/// decides anew, so that a member who was removed loses the page.
/// </summary>
internal sealed class CircuitGuard(
    ILoggerFactory loggers, PersonAccessReader reader, Sessions sessions, IOptions<AccessOptions> options, IOptions<Microsoft.AspNetCore.Identity.IdentityOptions> identity, TimeProvider clock)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    private PersonAccess? _decidedOn;
    private readonly ILogger _logger = loggers.CreateLogger<CircuitGuard>();

    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        CheckAsync(authenticationState.User, cancellationToken);

    /// <summary>False ends the circuit's session.</summary>
    internal async Task<bool> CheckAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (person.PersonId() is not { } id)
            return true;
        var access = await reader.FreshAsync(id, cancellationToken);
        var stamp = person.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType);
        if (access is not { IsActive: true } || !string.Equals(stamp, access.SecurityStamp, StringComparison.Ordinal) || person.IsTooOld(options.Value, clock.GetUtcNow())
            || person.SessionId() is not { } session || !await sessions.IsOpenAsync(session, id, cancellationToken))
        {
            Log.CircuitEnded(_logger, id);
            return false;
        }

        // The first look can't know what the pages were decided on, so it counts as a change.
        if (_decidedOn is null || !_decidedOn.SameAs(access))
            SetAuthenticationState(Task.FromResult(new AuthenticationState(person)));
        _decidedOn = access;
        return true;
    }
}
