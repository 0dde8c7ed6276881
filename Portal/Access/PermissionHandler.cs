using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using ComponentRoute = Microsoft.AspNetCore.Components.RouteData;

namespace Portal.Access;

/// <summary>Decides about <see cref="PermissionRequirement"/> for requests, for pages in a circuit and for admin keys.</summary>
internal sealed class PermissionHandler(PersonAccessReader reader) : AuthorizationHandler<PermissionRequirement>
{
    /// <summary>Why somebody who has no part in an organisation fails: they are told that there is nothing here.</summary>
    public const string NotAMember = "not_a_member";

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (context.User.PersonId() is not { } personId)
            return;
        var organisationId = OrganisationOf(context.Resource);
        if (context.User.HasClaim(claim => claim.Type == PersonClaims.KeyId))
        {
            if (organisationId is null && (requirement.Permission is null || context.User.HasClaim(PersonClaims.Permission, requirement.Permission)))
                context.Succeed(requirement);
            return;
        }

        if (await reader.GetAsync(personId, CancellationToken.None) is not { IsActive: true } access)
            return;
        if (organisationId is not { } id)
        {
            if (access.IsStaff && (requirement.Permission is null || access.PlatformPermissions.Contains(requirement.Permission)))
                context.Succeed(requirement);
            return;
        }

        if (access.In(id) is not { } membership)
            context.Fail(new AuthorizationFailureReason(this, NotAMember));
        else if (requirement.Permission is null || membership.Permissions.Contains(requirement.Permission))
            context.Succeed(requirement);
    }

    // A request has an address. A page in a circuit is known by its route: the template tells the portal, the value the organisation.
    private static Guid? OrganisationOf(object? resource) => resource switch
    {
        HttpContext request => PortalPath.OrganisationOf(request.Request.Path),
        ComponentRoute route => RouteOrganisation(route),
        _ => throw new InvalidOperationException("A permission is asked for of a request or of a page."),
    };

    private static Guid? RouteOrganisation(ComponentRoute route)
    {
        var isCustomer = Attribute.GetCustomAttributes(route.PageType, typeof(RouteAttribute)).Cast<RouteAttribute>()
            .Any(template => template.Template.StartsWith("/o/", StringComparison.OrdinalIgnoreCase));
        return isCustomer && route.RouteValues.TryGetValue("OrganisationId", out var value) && value is Guid id ? id : isCustomer ? Guid.Empty : null;
    }
}
