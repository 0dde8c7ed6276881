using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Diagnostics;
using Portal.Access;

namespace Portal.Components.Layout;

/// <summary>The address that was asked for. A page for a status is made at one of its own; its request remembers the first.</summary>
public sealed class PortalAddress(NavigationManager navigation, IHttpContextAccessor requests)
{
    /// <summary>Below the base, with or without a leading slash.</summary>
    public string Path => requests.HttpContext?.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath ?? navigation.ToBaseRelativePath(navigation.Uri);

    /// <summary>A place on the page, as a link must name it below a base.</summary>
    public string Anchor(string id)
    {
        var query = requests.HttpContext?.Features.Get<IStatusCodeReExecuteFeature>() is { } first ? first.OriginalQueryString : new Uri(navigation.Uri).Query;
        return $"/{Path.Split('?', '#')[0].TrimStart('/')}{query}#{id}";
    }

    /// <summary>The organisation that it selects, or null outside the customers' portals.</summary>
    public Guid? OrganisationId => PortalPath.OrganisationOf(Path);
}
