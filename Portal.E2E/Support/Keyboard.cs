using Microsoft.Playwright;

namespace Portal.E2E.Support;

/// <summary>Somebody without a mouse: everything is reached by Tab, and wherever the focus is, it can be seen.</summary>
public sealed class Keyboard(IPage page)
{
    private const int Most = 150;

    // Through frames, to what really has the focus: its name, and whether a ring shows that it has.
    private const string Look = """
        () => {
          let at = document.activeElement;
          while (at?.localName === "iframe" && at.contentDocument?.activeElement && at.contentDocument.activeElement !== at.contentDocument.body) at = at.contentDocument.activeElement;
          if (!at || at === document.body) return { tag: "body", name: "", shown: false };
          const style = (pseudo) => at.ownerDocument.defaultView.getComputedStyle(at, pseudo);
          const ringed = (look) => (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== "none";
          const said = (element) => {
            const copy = element.cloneNode(true);
            for (const unsaid of copy.querySelectorAll("[aria-hidden=true]")) unsaid.remove();
            return copy.textContent;
          };
          const name = at.getAttribute("aria-label") ?? said(at.labels?.[0] ?? at);
          return { tag: at.localName, name: name.replace(/\(optional\)/, "").replace(/\s+/g, " ").trim(), shown: ringed(style(null)) || ringed(style("::after")) || at.localName === "iframe" };
        }
        """;

    /// <summary>Presses Tab until the thing of that name has the focus; on the way the focus is never out of sight.</summary>
    /// <param name="name">Its accessible name, or how it begins.</param>
    /// <param name="tag">Its element, where several have the name.</param>
    public async Task TabToAsync(string name, string? tag = null)
    {
        for (var pressed = 0; pressed < Most; pressed++)
        {
            var focus = await FocusAsync();
            if (focus.Name.StartsWith(name, StringComparison.Ordinal) && (tag is null || focus.Tag == tag))
                return;
            await page.Keyboard.PressAsync("Tab");
            focus = await FocusAsync();
            if (focus.Tag != "body")
                focus.Shown.ShouldBeTrue($"{focus.Tag} '{focus.Name}' has the focus, and nothing shows it");
        }

        throw new InvalidOperationException($"{name} is not reached by {Most} presses of Tab from here; the focus is on {await FocusAsync()}.");
    }

    /// <summary>Tab to it, then Enter.</summary>
    public async Task ChooseAsync(string name, string? tag = null)
    {
        await TabToAsync(name, tag);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Chooses what opens a dialog, and waits until the focus is in it, as a person would.</summary>
    public async Task OpenDialogAsync(string name, string tag = "button")
    {
        await ChooseAsync(name, tag);
        await InDialogAsync();
    }

    /// <summary>Waits until the focus is in a dialog.</summary>
    public Task InDialogAsync() => page.WaitForFunctionAsync("() => document.activeElement?.closest('dialog[open]')");

    public Task PressAsync(string key) => page.Keyboard.PressAsync(key);

    public Task TypeAsync(string text) => page.Keyboard.TypeAsync(text);

    /// <summary>Waits until no dialog is open, and then until something on the page has the focus.</summary>
    public async Task BackOnPageAsync()
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.WaitForFunctionAsync("() => document.activeElement && document.activeElement !== document.body");
    }

    /// <summary>What has the focus.</summary>
    public Task<Focus> FocusAsync() => page.EvaluateAsync<Focus>(Look);

    /// <summary>What has the focus.</summary>
    public sealed class Focus
    {
        public string Tag { get; set; } = "";

        public string Name { get; set; } = "";

        public bool Shown { get; set; }

        public override string ToString() => $"{Tag} '{Name}'";
    }
}
