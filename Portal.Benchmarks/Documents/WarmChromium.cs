using System.Diagnostics;
using Microsoft.Playwright;

namespace Portal.Benchmarks.Documents;

/// <summary>One warm browser that prints HTML, in a page of its own per document. <c>CHROMIUM_PATH</c> names it where it is not Debian's.</summary>
internal sealed class WarmChromium : IAsyncDisposable
{
    private static readonly string[] s_arguments =
        ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly IBrowserContext _context;

    private WarmChromium(IPlaywright playwright, IBrowser browser, IBrowserContext context) => (_playwright, _browser, _context) = (playwright, browser, context);

    public string Version => _browser.Version;

    public static async Task<WarmChromium> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } configured ? configured : "/usr/bin/chromium",
            // The sandbox can't be had as root.
            Args = Environment.UserName == "root" ? [.. s_arguments, "--no-sandbox"] : s_arguments,
        });
        return new WarmChromium(playwright, browser, await browser.NewContextAsync(new BrowserNewContextOptions { JavaScriptEnabled = false }));
    }

    /// <summary>Milliseconds that these documents took, one after another in a page each, and what was made.</summary>
    public async Task<(double Milliseconds, IReadOnlyList<byte[]> Documents)> RunAsync(IReadOnlyList<string> pages)
    {
        List<byte[]> documents = [];
        var started = Stopwatch.GetTimestamp();
        foreach (var html in pages)
        {
            var page = await _context.NewPageAsync();
            documents.Add(await PrintAsync(page, html));
            await page.CloseAsync();
        }

        return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, documents);
    }

    /// <summary>The same in one page that is used again and again, which mixes documents in one process: shown for comparison.</summary>
    public async Task<double> RunInOnePageAsync(IReadOnlyList<string> pages)
    {
        var page = await _context.NewPageAsync();
        await PrintAsync(page, pages[0]);
        var started = Stopwatch.GetTimestamp();
        foreach (var html in pages)
            await PrintAsync(page, html);
        var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await page.CloseAsync();
        return milliseconds;
    }

    /// <summary>A logo of an ordinary size: a drawing as PNG, 360 x 96, with transparency.</summary>
    public async Task<byte[]> LogoAsync()
    {
        var page = await _context.NewPageAsync();
        await page.SetViewportSizeAsync(360, 96);
        await page.SetContentAsync("""
            <body style="margin:0"><svg xmlns="http://www.w3.org/2000/svg" width="360" height="96">
            <defs><linearGradient id="g"><stop stop-color="#4a4bd6"/><stop offset="1" stop-color="#1b9e77"/></linearGradient></defs>
            <rect x="4" y="4" width="88" height="88" rx="22" fill="url(#g)"/><path d="M28 68V46M48 68V26M68 68V38" stroke="#fff" stroke-width="9" stroke-linecap="round"/>
            <text x="108" y="64" font-family="sans-serif" font-size="44" font-weight="700" fill="#222">Example</text></svg></body>
            """);
        var png = await page.ScreenshotAsync(new PageScreenshotOptions { OmitBackground = true });
        await page.CloseAsync();
        return png;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static async Task<byte[]> PrintAsync(IPage page, string html)
    {
        await page.SetContentAsync(html);
        return await page.PdfAsync(new PagePdfOptions { Format = "A4", PrintBackground = true, PreferCSSPageSize = true });
    }
}
