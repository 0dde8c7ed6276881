using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Portal.Tests.Support;

namespace Portal.E2E.Support;

/// <summary>A real Chromium, driven headless.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] s_arguments =
        ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Browser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable(),
            // The sandbox can't be had as root.
            Args = Environment.UserName == "root" ? [.. s_arguments, "--no-sandbox"] : s_arguments,
        });
        return new Browser(playwright, browser);
    }

    /// <summary>A person's own window: cookies of its own, and everything that the console complains about.</summary>
    public async Task<Visitor> VisitAsync(Uri address, ViewportSize? size = null)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = address.ToString(), ReducedMotion = ReducedMotion.Reduce, ViewportSize = size ?? new ViewportSize { Width = 1440, Height = 900 } });
        context.SetDefaultTimeout(20_000);
        return new Visitor(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    // Null: the browser that Playwright brings, where its download could be had.
    private static string? Executable()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } configured)
            return configured;
        const string debian = "/usr/bin/chromium";
        if (File.Exists(debian))
            return debian;
        return Directory.Exists(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "ms-playwright"))
            ? null
            : throw new InvalidOperationException("There is no Chromium: install the package chromium, or set CHROMIUM_PATH.");
    }
}

/// <summary>Somebody at a browser.</summary>
public sealed partial class Visitor : IAsyncDisposable
{
    private static int s_count;
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    internal Visitor(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _complaints.Add(message.Text);
        };
        page.PageError += (_, error) => _complaints.Add(error);
    }

    public IPage Page { get; }

    public async Task SignInAsync(string email, string password)
    {
        await Page.GotoAsync("/account/sign-in");
        await Page.GetByLabel("Email address").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Page.WaitForURLAsync(url => !url.Contains("/account/", StringComparison.Ordinal));
    }

    /// <summary>Opens a page and waits until it can be used; axe-core then finds nothing on it.</summary>
    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await ReadyAsync();
    }

    /// <summary>Waits until the circuit answers and nothing is loading, and lets axe-core look.</summary>
    public async Task ReadyAsync()
    {
        await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Assertions.Expect(Page).ToHaveTitleAsync(Title());
        await NothingInTheWayAsync();
    }

    /// <summary>axe-core with the WCAG 2.2 AA tags, target size included.</summary>
    public async Task NothingInTheWayAsync()
    {
        await Page.EvaluateAsync(Settled);
        await Assertions.Expect(Page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        var options = new AxeRunOptions
        {
            RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
            Rules = new Dictionary<string, RuleOptions> { ["target-size"] = new() { Enabled = true } },
        };
        var result = await Page.RunAxe(options);
        result.Violations.Select(violation => $"{Page.Url}: {violation.Id} at {string.Join(", ", violation.Nodes.Select(node => node.Target))}").ShouldBeEmpty();
    }

    /// <summary>Nothing was complained about in the console.</summary>
    public void HasSeenNoError() => _complaints.ShouldBeEmpty();

    /// <summary>Leaves a picture of what was seen last: it says most about a journey that broke off.</summary>
    public async ValueTask DisposeAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(RepositoryRoot.Path, "TestResults"));
        try
        {
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder.FullName, $"last-seen-{Interlocked.Increment(ref s_count)}.png"), Timeout = 5_000 });
        }
        catch (Exception problem) when (problem is TimeoutException or PlaywrightException)
        {
            // A page that is on its way elsewhere has none; the reason why the journey broke off is not to be hidden by that.
        }

        await _context.DisposeAsync();
    }

    // Done when for a moment nothing was drawn, nothing is busy and nothing is on its way from one look to another: in between,
    // colours are neither the old nor the new ones. A page that moves all the time is taken as it is after some seconds.
    private const string Settled = """
        () => new Promise(done => {
            const still = 300, patience = performance.now() + 8000;
            const moving = () => document.querySelector('[aria-busy=true]') ||
                document.getAnimations().some(one => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity);
            let timer;
            const look = () => {
                if (moving() && performance.now() < patience) { timer = setTimeout(look, 100); return; }
                changes.disconnect();
                done();
            };
            const changes = new MutationObserver(() => {
                if (performance.now() < patience) { clearTimeout(timer); timer = setTimeout(look, still); }
            });
            changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
            timer = setTimeout(look, still);
        })
        """;

    [GeneratedRegex(".")]
    private static partial Regex Title();
}
