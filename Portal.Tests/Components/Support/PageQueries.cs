using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace Portal.Tests.Components.Support;

/// <summary>What readers see and press, as they would name it.</summary>
internal static class PageQueries
{
    /// <summary>The one button with this text, once it is there.</summary>
    public static async Task<IElement> ButtonAsync<T>(this IRenderedComponent<T> page, string text, string within = "")
        where T : IComponent
    {
        await page.WaitForAssertionAsync(() => Buttons(page, text, within).ShouldHaveSingleItem());
        return Buttons(page, text, within).Single();
    }

    /// <summary>How many buttons and links have this text.</summary>
    public static IReadOnlyList<IElement> Buttons<T>(this IRenderedComponent<T> page, string text, string within = "")
        where T : IComponent => [.. page.FindAll($"{within} button, {within} a").Where(button => button.TextContent.Trim() == text)];

    public static async Task PressAsync<T>(this IRenderedComponent<T> page, string text, string within = "")
        where T : IComponent
    {
        await page.ButtonAsync(text, within);
        // In one piece: a render in between would give the button another handler.
        await page.InvokeAsync(() => page.Buttons(text, within).Single().ClickAsync(new()));
    }

    public static async Task PutAsync<T>(this IRenderedComponent<T> page, string field, object value)
        where T : IComponent
    {
        await page.WaitForAssertionAsync(() => page.Find(field));
        await page.InvokeAsync(() => page.Find(field).ChangeAsync(new() { Value = value }));
    }

    /// <summary>Has something happen to an element, once it is there.</summary>
    public static Task DoAsync<T>(this IRenderedComponent<T> page, string selector, Func<IElement, Task> what)
        where T : IComponent => page.DoAsync(() => page.Find(selector), what);

    /// <inheritdoc cref="DoAsync{T}(IRenderedComponent{T}, string, Func{IElement, Task})" />
    public static async Task DoAsync<T>(this IRenderedComponent<T> page, Func<IElement> find, Func<IElement, Task> what)
        where T : IComponent
    {
        await page.WaitForAssertionAsync(() => find().ShouldNotBeNull());
        // In one piece, as above.
        await page.InvokeAsync(() => what(find()));
    }

    /// <summary>What a fact of the page's list of facts says.</summary>
    public static string Fact<T>(this IRenderedComponent<T> page, string name)
        where T : IComponent => page.FindAll("section[aria-label=Details] dt").Single(term => term.TextContent.Trim() == name).NextElementSibling!.TextContent.Trim();

    /// <summary>The cells of every row of the table with this caption.</summary>
    public static IReadOnlyList<string[]> Rows<T>(this IRenderedComponent<T> page, string caption)
        where T : IComponent => [.. page.FindAll("table").Single(table => table.QuerySelector("caption")?.TextContent.Trim() == caption)
            .QuerySelectorAll("tbody tr").Select(row => row.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()).ToArray())];
}
