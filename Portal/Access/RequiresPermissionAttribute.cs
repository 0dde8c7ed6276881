using Microsoft.AspNetCore.Authorization;

namespace Portal.Access;

/// <summary>
/// Opens a page to people who hold a permission of <see cref="Core.Access.Permissions"/>: on the platform for pages below <c>/admin</c>, in the
/// organisation of the route for pages below <c>/o/{OrganisationId:guid}</c>. Who lacks it sees the forbidden page; who has no part in the
/// organisation sees the page that says that there is nothing here.
/// </summary>
/// <example><c>@attribute [RequiresPermission(Permissions.ProjectsRead)]</c></example>
public sealed class RequiresPermissionAttribute : AuthorizeAttribute
{
    public RequiresPermissionAttribute(string permission) => Policy = permission;

    public string Permission => Policy!;
}
