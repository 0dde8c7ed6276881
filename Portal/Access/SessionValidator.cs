using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Core.Access;

namespace Portal.Access;

/// <summary>Looks at a cookie again every minute: its person is active, signs in with the same things, and the session stands and is not too old.</summary>
internal sealed class SessionValidator(
    IOptions<SecurityStampValidatorOptions> options, SignInManager<User> sessions, ILoggerFactory logger, IOptions<AccessOptions> access, Sessions open, TimeProvider clock)
    : SecurityStampValidator<User>(options, sessions, logger)
{
    public override async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Properties.IssuedUtc is { } issued && clock.GetUtcNow() - issued <= Options.ValidationInterval)
            return;
        if (await VerifySecurityStamp(context.Principal) is { } user)
        {
            await SecurityStampVerified(user, context);
            return;
        }

        // Whoever is between the two steps of signing in is left alone.
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }

    protected override async Task<User?> VerifySecurityStamp(ClaimsPrincipal? principal)
    {
        if (principal is null || principal.IsTooOld(access.Value, clock.GetUtcNow()))
            return null;
        return principal.SessionId() is { } session && await base.VerifySecurityStamp(principal) is { IsActive: true } user && await open.IsOpenAsync(session, user.Id, CancellationToken.None) ? user : null;
    }

    /// <summary>A renewed cookie keeps which session it is and when that began.</summary>
    public static Task KeepBeginning(SecurityStampRefreshingPrincipalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var type in new[] { PersonClaims.SignedInAt, PersonClaims.Session })
        {
            if (context.CurrentPrincipal?.FindFirst(type) is { } kept)
                (context.NewPrincipal?.Identity as ClaimsIdentity)?.AddClaim(kept.Clone());
        }

        return Task.CompletedTask;
    }
}
