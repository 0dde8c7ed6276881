using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Core.Access;

namespace Portal.Access;

/// <summary>Looks at a cookie again every minute: its person is active, signs in with the same things, and the session is not too old.</summary>
internal sealed class SessionValidator(
    IOptions<SecurityStampValidatorOptions> options, SignInManager<User> sessions, ILoggerFactory logger, IOptions<AccessOptions> access, TimeProvider clock)
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

        // The base class would sign out of schemes for second factors, too, which there are none of.
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }

    protected override async Task<User?> VerifySecurityStamp(ClaimsPrincipal? principal)
    {
        if (principal is null || principal.IsTooOld(access.Value, clock.GetUtcNow()))
            return null;
        return await base.VerifySecurityStamp(principal) is { IsActive: true } user ? user : null;
    }

    /// <summary>A renewed cookie keeps when the session began.</summary>
    public static Task KeepBeginning(SecurityStampRefreshingPrincipalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.CurrentPrincipal?.FindFirst(PersonClaims.SignedInAt) is { } since)
            (context.NewPrincipal?.Identity as ClaimsIdentity)?.AddClaim(since.Clone());
        return Task.CompletedTask;
    }
}
