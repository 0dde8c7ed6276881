using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Access;
using Portal.Core.Access;

namespace Portal.Components.Layout;

/// <summary>What both portals' layouts know: who looks.</summary>
public abstract class PortalLayout : LayoutComponentBase
{
    [Inject]
    private PersonAccessReader Reader { get; set; } = default!;

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = default!;

    /// <summary>Null while it is being read, and when nobody is signed in any more.</summary>
    protected PersonAccess? Access { get; private set; }

    protected override async Task OnParametersSetAsync()
    {
        // The page has been authorised with this very copy, so there is nothing to wait for.
        Access = Reader.Known;
        if ((await Authentication).User.PersonId() is { } person)
            Access = await Reader.GetAsync(person, CancellationToken.None);
    }
}
