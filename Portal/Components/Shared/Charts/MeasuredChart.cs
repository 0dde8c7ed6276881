using Microsoft.JSInterop;
using Radzen.Blazor;
using Radzen.Blazor.Rendering;

namespace Portal.Components.Shared.Charts;

/// <summary>
/// A chart that is laid out by the size it has once the browser watches it. The base lays out by the size that it asked for first: when the browser reported
/// another one before that answer, the answer is out of date, and when it reported the same one, nothing is laid out at all.
/// </summary>
public sealed class MeasuredChart : RadzenChart
{
    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        await base.OnAfterRenderAsync(firstRender);
        if (!firstRender || JSRuntime is null)
            return;
        try
        {
            if (await JSRuntime.InvokeAsync<Rect?>("Radzen.clientRect", Element) is { Width: > 0 } size)
                await Resize(size.Width, size.Height);
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or TaskCanceledException)
        {
            // The page has gone on in the meantime, and the chart with it.
            return;
        }

        await Reload();
    }
}
