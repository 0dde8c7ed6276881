using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Portal.E2E.Support;

namespace Portal.Pictures;

/// <summary>What was seen on one page at one size in one theme.</summary>
internal sealed record PageFinding(string Template, string Address, string Look, IReadOnlyList<string> Axe, IReadOnlyList<string> Console);

/// <summary>One person's way through the portal: every page that their links lead to, one of each route, in every look.</summary>
internal sealed class Round(PortalProcess portal, Browser browser, string folder, string role, string[] words)
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
        if (role != "nobody")
        {
            var user = portal.Demo.User(role);
            await visitor.SignInAsync(user.Email, user.Password);
        }

        Begin();
        while (_next.TryDequeue(out var address))
            await LookAsync(page, address);
        return _findings;
    }

    // Links lead on from here; pages without parameters are asked for themselves.
    private void Begin()
    {
        if (role == "nobody")
        {
            Offer("/account/sign-in");
            return;
        }

        var root = role == "admin" ? "/admin" : $"/o/{portal.Demo.OrganisationId}";
        Offer(root);
        foreach (var template in PageTemplates.All)
        {
            var address = template.Text.Replace("{OrganisationId:guid}", portal.Demo.OrganisationId.ToString(), StringComparison.Ordinal);
            if (address.StartsWith(root, StringComparison.Ordinal) && !address.Contains('{', StringComparison.Ordinal))
                Offer(address);
        }
    }

    // One of each route; what signs out is left.
    private void Offer(string address)
    {
        var path = address.Split('?', '#')[0];
        if (PageTemplates.Of(path) is { } template && !path.Contains("sign-out", StringComparison.Ordinal) && _seen.Add(template.Text))
            _next.Enqueue(address);
    }

    private async Task LookAsync(IPage page, string address)
    {
        var template = PageTemplates.Of(address.Split('?', '#')[0])!;
        var wanted = words.Length == 0 || words.Any(word => address.Contains(word, StringComparison.OrdinalIgnoreCase));
        var isFirst = true;
        foreach (var (name, width, height, theme) in s_looks)
        {
            if (!wanted && !isFirst)
                break;
            _complaints.Clear();
            await page.SetViewportSizeAsync(width, height);
            await page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
            await OpenAsync(page, address);
            if (isFirst)
            {
                foreach (var link in await page.EvalOnSelectorAllAsync<string[]>("a[href]", "links => links.filter(link => link.origin === location.origin && !link.hasAttribute('download')).map(link => link.pathname + link.search)"))
                    Offer(link);
            }

            isFirst = false;
            if (!wanted)
                continue;
            var place = Directory.CreateDirectory(Path.Combine(folder, name));
            await page.ScreenshotAsync(new() { Path = Path.Combine(place.FullName, $"{role}-{template.FileName}.png"), FullPage = true });
            _findings.Add(new PageFinding(template.Text, address, name, await AxeAsync(page), [.. _complaints]));
        }

        Console.WriteLine($"{role,-7} {address}");
    }

    private static async Task OpenAsync(IPage page, string address)
    {
        try
        {
            await page.GotoAsync(address);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await Assertions.Expect(page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        }
        catch (Exception exception) when (exception is PlaywrightException or TimeoutException)
        {
            Console.WriteLine($"        {address}: {exception.Message.Split('\n')[0]}");
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
