using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Portal.E2E.Support;

namespace Portal.Pictures;

/// <summary>What was seen on one page at one size in one theme.</summary>
internal sealed record PageFinding(string Template, string Address, string Look, IReadOnlyList<string> Axe, IReadOnlyList<string> Console);

/// <summary>One person's way through the portal: every page that their links lead to, one of each route, in every look, and the scenes.</summary>
internal sealed class Round(PortalProcess portal, Browser browser, string folder, Person person, string[] words)
{
    private static readonly (string Name, int Width, int Height, ColorScheme Theme)[] s_looks =
    [
        ("light-1440", 1440, 900, ColorScheme.Light), ("dark-1440", 1440, 900, ColorScheme.Dark), ("light-390", 390, 844, ColorScheme.Light), ("dark-390", 390, 844, ColorScheme.Dark),
    ];

    private readonly Queue<string> _next = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _complaints = [];
    private readonly List<PageFinding> _findings = [];

    public async Task<IReadOnlyList<PageFinding>> GoAsync()
    {
        await using var visitor = await browser.VisitAsync(portal.Address);
        var page = visitor.Page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _complaints.Add(message.Text);
        };
        page.PageError += (_, error) => _complaints.Add(error);
        if (person.SignIn is var (email, password))
            await visitor.SignInAsync(email, password);
        Begin();
        while (_next.TryDequeue(out var address))
            await LookAsync(page, new Scene(PageTemplates.Of(Path(address))!.FileName(Path(address)), address));
        foreach (var scene in person.Scenes)
            await LookAsync(page, scene with { Name = $"scene-{scene.Name}" });
        return _findings;
    }

    private static string Path(string address) => address.Split('?', '#')[0];

    // Links lead on from here; pages without parameters are asked for themselves.
    private void Begin()
    {
        foreach (var address in person.First)
            Offer(address);
        Offer(person.Root);
        if (person.SignIn is null)
            return;
        foreach (var template in PageTemplates.All)
        {
            var address = person.Root.StartsWith("/o/", StringComparison.Ordinal) ? template.Text.Replace("/o/{OrganisationId:guid}", person.Root, StringComparison.Ordinal) : template.Text;
            if (address.StartsWith(person.Root, StringComparison.Ordinal) && !address.Contains('{', StringComparison.Ordinal))
                Offer(address);
        }
    }

    // One of each route, and each tab; what signs out is left for who is not signed in.
    private void Offer(string address)
    {
        var path = Path(address);
        if (PageTemplates.Of(path) is { } template && (person.SignIn is null || !path.Contains("sign-out", StringComparison.Ordinal)) && _seen.Add(template.FileName(path)))
            _next.Enqueue(address);
    }

    private async Task LookAsync(IPage page, Scene scene)
    {
        var template = PageTemplates.Of(Path(scene.Address))!;
        var wanted = words.Length == 0 || words.Any(word => scene.Address.Contains(word, StringComparison.OrdinalIgnoreCase) || scene.Name.Contains(word, StringComparison.OrdinalIgnoreCase));
        if (scene.Do is not null && !wanted)
            return;
        var isFirst = true;
        foreach (var (name, width, height, theme) in s_looks)
        {
            if (!wanted && !isFirst)
                break;
            await page.SetViewportSizeAsync(width, height);
            await page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
            // Another theme needs no other page; another width may.
            if (theme == ColorScheme.Light)
                await OpenAsync(page, scene);
            else
                await page.EvaluateAsync("() => Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => 0)))");
            if (isFirst)
            {
                foreach (var link in await page.EvalOnSelectorAllAsync<string[]>("a[href]", "links => links.filter(link => link.origin === location.origin && !link.hasAttribute('download')).map(link => link.pathname + link.search)"))
                    Offer(link);
            }

            isFirst = false;
            if (!wanted)
                continue;
            // What a scene clicked on scrolled the page: its top bar would lie over the middle of the picture.
            await page.EvaluateAsync("() => scrollTo(0, 0)");
            var place = Directory.CreateDirectory(System.IO.Path.Combine(folder, name));
            await page.ScreenshotAsync(new() { Path = System.IO.Path.Combine(place.FullName, $"{person.Name}-{scene.Name}.png"), FullPage = true });
            _findings.Add(new PageFinding(template.Text, scene.Address, $"{name} {scene.Name}", [.. await AxeAsync(page), .. await WideAsync(page)], [.. _complaints]));
            _complaints.Clear();
            foreach (var text in _findings[^1].Axe.Concat(_findings[^1].Console))
                Console.WriteLine($"         {name}: {text}");
        }

        Console.WriteLine($"{person.Name,-8} {scene.Name,-40} {scene.Address}");
    }

    // Nothing but a table in its own box is scrolled sideways.
    private static async Task<IReadOnlyList<string>> WideAsync(IPage page) =>
        await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") is > 0 and var over ? [$"the page is {over} px wider than the window"] : [];

    private async Task OpenAsync(IPage page, Scene scene)
    {
        _complaints.Clear();
        try
        {
            await page.GotoAsync(scene.Address);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            // A page that answers with an error is told by the browser; that it does is what is looked at.
            if (person.SignIn is null)
                _complaints.RemoveAll(text => text.Contains("the server responded with a status of", StringComparison.Ordinal));
            else
                await Assertions.Expect(page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
            if (scene.Do is { } act)
            {
                await act(page);
                await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
                await Assertions.Expect(page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
            }
        }
        catch (Exception exception) when (exception is PlaywrightException or TimeoutException)
        {
            _complaints.Add($"not ready: {exception.Message.Split('\n')[0]}");
        }
    }

    private static async Task<IReadOnlyList<string>> AxeAsync(IPage page)
    {
        var options = new AxeRunOptions
        {
            RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
            Rules = new Dictionary<string, RuleOptions> { ["target-size"] = new() { Enabled = true } },
        };
        var result = await page.RunAxe(options);
        return [.. result.Violations.Select(violation => $"{violation.Id} at {string.Join(", ", violation.Nodes.Select(node => node.Target))}")];
    }
}
