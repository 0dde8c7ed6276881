using Microsoft.Playwright;
using Portal.E2E.Support;

namespace Portal.Pictures;

/// <summary>The pictures that the documents show, each as one window sees it.</summary>
internal static class DocumentPictures
{
    public static async Task TakeAsync(PortalProcess portal, Browser browser, string folder)
    {
        var organisation = portal.Demo.OrganisationId;
        Directory.CreateDirectory(folder);
        await using var admin = await SignedInAsync(portal, browser, "admin");
        await TakeAsync(admin, folder, "admin-overview", new("overview", "/admin"));
        await TakeAsync(admin, folder, "invoice", new("invoice", "/admin/billing/invoices?owed=past_due", async page =>
        {
            await page.Locator(".row-link").First.ClickAsync();
            await page.WaitForURLAsync("**/admin/billing/invoices/*");
        }));
        await using var owner = await SignedInAsync(portal, browser, "owner");
        await TakeAsync(owner, folder, "customer-overview", new("overview", $"/o/{organisation}"));
        await TakeAsync(owner, folder, "customer-usage", new("usage", $"/o/{organisation}/usage"));
        await TakeAsync(owner, folder, "api-keys", new("keys", $"/o/{organisation}/projects"));
        await owner.Page.SetViewportSizeAsync(390, 844);
        await TakeAsync(owner, folder, "phone", new("phone", $"/o/{organisation}"));
    }

    private static async Task<Visitor> SignedInAsync(PortalProcess portal, Browser browser, string role)
    {
        var visitor = await browser.VisitAsync(portal.Address);
        var user = portal.Demo.User(role);
        await visitor.SignInAsync(user.Email, user.Password);
        return visitor;
    }

    private static async Task TakeAsync(Visitor visitor, string folder, string name, Scene scene)
    {
        var page = visitor.Page;
        await page.GotoAsync(scene.Address);
        await SettledAsync(page);
        if (scene.Do is { } act)
        {
            await act(page);
            await SettledAsync(page);
        }

        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        Console.WriteLine($"{name}.png of {scene.Address}");
    }

    private static async Task SettledAsync(IPage page)
    {
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Assertions.Expect(page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".chart-canvas:not(:has(svg path))")).ToHaveCountAsync(0);
    }
}
