using Radzen.Blazor;

namespace Portal.Components.Shared.Charts;

/// <summary>
/// A chart that is laid out again once the browser has told its size. The base lays out when the size it asked for differs from the one it has; when the
/// browser reported a resize before that answer, it has the size already and keeps columns and axes where they stood without any.
/// </summary>
public sealed class MeasuredChart : RadzenChart
{
    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        await base.OnAfterRenderAsync(firstRender);
        if (firstRender)
            await Reload();
    }
}
