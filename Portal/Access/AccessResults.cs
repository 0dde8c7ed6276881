using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Portal.Access;

/// <summary>
/// What a refused request is answered: 404 to who has no part in the organisation that the address names, 403 to who lacks a permission
/// (as a page for browsers: see the status pages), the sign-in page to who is not signed in.
/// </summary>
internal sealed class AccessResults : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _default = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (!authorizeResult.Forbidden)
            return _default.HandleAsync(next, context, policy, authorizeResult);
        var isStranger = authorizeResult.AuthorizationFailure?.FailureReasons.Any(reason => reason.Message == PermissionHandler.NotAMember) == true;
        context.Response.StatusCode = isStranger ? StatusCodes.Status404NotFound : StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
