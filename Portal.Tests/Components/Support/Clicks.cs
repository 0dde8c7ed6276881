using System.Globalization;
using AngleSharp.Dom;
using Bunit.Rendering;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.AspNetCore.Components.Web;

namespace Portal.Tests.Components.Support;

/// <summary>Clicks as quick as people's.</summary>
public static class Clicks
{
    /// <summary>
    /// Two quick clicks: the second is on its way before the answer to the first can grey the button. Answers with how often what is behind it began.
    /// </summary>
    /// <param name="renderer">Of the page.</param>
    /// <param name="store">The way to the database, held up meanwhile.</param>
    /// <param name="find">The button, or for <c>submit</c> its form.</param>
    /// <param name="happening"><c>click</c> or <c>submit</c>.</param>
    public static async Task<int> TwiceAsync(BunitRenderer renderer, GateStore store, Func<IElement> find, string happening = "click")
    {
        ArgumentNullException.ThrowIfNull(renderer);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(find);
        store.Hold();
        var began = 0;
        Task[] clicks = [];
        // In one turn of the dispatcher, so that nothing else of the page begins in between.
        await renderer.Dispatcher.InvokeAsync(() =>
        {
            var handler = ulong.Parse(find().GetAttribute($"blazor:on{happening}")!, CultureInfo.InvariantCulture);
            var before = store.Waited;
            clicks = [DispatchAsync(renderer, handler, happening), DispatchAsync(renderer, handler, happening)];
            began = store.Waited - before;
        });
        store.LetGo();
        await Task.WhenAll(clicks);
        return began;
    }

#pragma warning disable BL0006 // What bUnit's own clicks are made of.
    private static Task DispatchAsync(BunitRenderer renderer, ulong handler, string happening) =>
        renderer.DispatchEventAsync(handler, new EventFieldInfo(), happening == "click" ? new MouseEventArgs() : EventArgs.Empty);
#pragma warning restore BL0006
}
