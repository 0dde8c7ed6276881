using System.Globalization;
using System.Security.Claims;

namespace Portal.Access;

/// <summary>What a principal carries: who it is and since when, never what it may do (that is read when it is needed).</summary>
public static class PersonClaims
{
    /// <summary>When the person signed in, in seconds since 1970.</summary>
    public const string SignedInAt = "signed_in_at";

    /// <summary>The session's id.</summary>
    public const string Session = "session";

    /// <summary>A permission of an admin key, as it was when the request came in.</summary>
    public const string Permission = "permission";

    /// <summary>The public part of the admin key.</summary>
    public const string KeyPrefix = "key_prefix";

    /// <summary>The admin key's id.</summary>
    public const string KeyId = "key_id";

    /// <summary>The person's id, or null when nobody is signed in.</summary>
    public static Guid? PersonId(this ClaimsPrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return principal.Identity?.IsAuthenticated == true && Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;
    }

    /// <summary>The session's id, or null for a principal without one.</summary>
    public static Guid? SessionId(this ClaimsPrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return Guid.TryParse(principal.FindFirstValue(Session), out var id) ? id : null;
    }

    /// <summary>True when the session is older than the options allow, or does not say how old it is.</summary>
    public static bool IsTooOld(this ClaimsPrincipal principal, AccessOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(principal);
        ArgumentNullException.ThrowIfNull(options);
        return !long.TryParse(principal.FindFirstValue(SignedInAt), NumberStyles.None, CultureInfo.InvariantCulture, out var since)
            || now - DateTimeOffset.FromUnixTimeSeconds(since) >= TimeSpan.FromHours(options.AbsoluteHours);
    }

    public static Claim SignedInNow(DateTimeOffset now) => new(SignedInAt, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64);
}
