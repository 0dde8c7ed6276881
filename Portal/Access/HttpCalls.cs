using System.Diagnostics;
using Portal.Core.Access;

namespace Portal.Access;

/// <summary>The call that a request with an admin key makes into the domain.</summary>
public static class HttpCalls
{
    /// <summary>The key's person as staff, with the permissions that <see cref="AdminKeyScheme"/> read for this request.</summary>
    public static CallContext Call(this HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var principal = http.User;
        if (!Guid.TryParse(principal.FindFirst(PersonClaims.KeyId)?.Value, out var keyId))
            throw new InvalidOperationException("The endpoint is not behind an admin key.");
        return new CallContext(
            new Actor(ActorKind.ApiKey, keyId, $"{principal.FindFirst(PersonClaims.KeyPrefix)?.Value} ({principal.Identity?.Name})"),
            new AccessScope.Staff(),
            principal.FindAll(PersonClaims.Permission).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal),
            Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier,
            http.Connection.RemoteIpAddress?.ToString(),
            http.Request.Headers.UserAgent);
    }
}
