using Microsoft.AspNetCore.Components;

namespace Portal.Components.Shared;

/// <summary>
/// Renders the component whose method was passed as a plain delegate, as an <see cref="EventCallback"/> would. A lambda that captures
/// variables hides its component: such a one calls <c>StateHasChanged</c> itself where it changes what is shown.
/// </summary>
internal static class Owner
{
    public static Task RenderAsync(Delegate callback) =>
        callback.Target is IHandleEvent owner ? owner.HandleEventAsync(EventCallbackWorkItem.Empty, null) : Task.CompletedTask;
}
