using Microsoft.AspNetCore.Authorization;

namespace Portal.Access;

/// <summary>Opens a page to everybody with a role in the portal that it belongs to: staff below <c>/admin</c>, members below <c>/o/{OrganisationId:guid}</c>.</summary>
public sealed class BelongsAttribute : AuthorizeAttribute
{
    public BelongsAttribute() => Policy = PermissionPolicies.Belongs;
}
