using System.Net;
using Microsoft.Playwright;
using Portal.E2E.Support;

namespace Portal.Pictures;

/// <summary>Who goes round, and what each does on the way.</summary>
internal static class People
{
    public static async Task<IReadOnlyList<Person>> OfAsync(PortalProcess portal)
    {
        var organisation = portal.Demo.OrganisationId;
        var (admin, owner) = (portal.Demo.User("admin"), portal.Demo.User("owner"));
        return
        [
            new("admin", (admin.Email, admin.Password), "/admin", [$"/admin/organisations/{organisation}", $"/admin/usage?organisation={organisation}"], Staff(organisation)),
            new("owner", (owner.Email, owner.Password), $"/o/{organisation}", [], Customer(organisation)),
            await NewcomerAsync(portal),
            new("nobody", null, "/account/sign-in", ["/dev/furniture", "/account/forbidden", "/status/404", "/error", "/not-found", "/account/sign-out"], []),
        ];
    }

    private static List<Scene> Staff(Guid organisation) =>
    [
        new("usage-choose", "/admin/usage"),
        new("invoices-chosen", "/admin/billing/invoices?status=draft", page => page.Locator("td.choose input").First.CheckAsync()),
        new("invoices-issue", "/admin/billing/invoices", page => ClickAsync(page, "Issue drafts")),
        new("invoices-nothing-matches", "/admin/billing/invoices?q=nothing+like+this"),
        new("invoices-organisation", "/admin/billing/invoices", FindOrganisationAsync),
        new("audit-organisation", $"/admin/audit?organisation={organisation}", page => page.Locator("details.explain summary").First.ClickAsync()),
        new("ledger-currency", "/admin/billing/ledger?currency=INR"),
        new("runs-unpriced", "/admin/billing/runs?left=unpriced"),
        new("invoice-record-payment", "/admin/billing/invoices?owed=past_due", async page =>
        {
            await page.Locator(".row-link").First.ClickAsync();
            await page.WaitForURLAsync("**/admin/billing/invoices/*");
            await ClickAsync(page, "Record payment");
        }),
        new("organisation-suspend", $"/admin/organisations/{organisation}", page => ClickAsync(page, "Suspend organisation")),
        new("organisation-mistakes", "/admin/organisations/new", page => ClickAsync(page, "Create organisation")),
        new("price-graduated", "/admin/prices/new", async page =>
        {
            await page.GetByLabel("Model").SelectOptionAsync("graduated");
            await ClickAsync(page, "Add tier");
        }),
        new("search", "/admin", async page =>
        {
            await page.Keyboard.PressAsync("Control+k");
            await page.Keyboard.TypeAsync("acme");
            await Assertions.Expect(page.Locator(".palette-item").Filter(new() { HasText = "Acme" }).First).ToBeVisibleAsync();
        }),
    ];

    private static List<Scene> Customer(Guid organisation) =>
    [
        new("key-new", $"/o/{organisation}/projects", async page =>
        {
            await ProjectAsync(page);
            await ClickAsync(page, "New key");
        }),
        new("key-revoke", $"/o/{organisation}/projects", async page =>
        {
            await ProjectAsync(page);
            await page.GetByLabel("Actions for").First.ClickAsync();
            await page.Locator(".menu-item.danger").First.ClickAsync();
        }),
        new("keys-chosen", $"/o/{organisation}/projects", page => page.Locator("td.choose input").First.CheckAsync()),
        new("invoice-explained", $"/o/{organisation}/invoices", async page =>
        {
            await page.Locator(".row-link").First.ClickAsync();
            await page.WaitForURLAsync("**/invoices/*");
            await page.GetByText("How this was calculated").First.ClickAsync();
        }),
        new("project-new", $"/o/{organisation}/projects", page => ClickAsync(page, "New project")),
    ];

    /// <summary>Somebody whose organisation has nothing yet.</summary>
    private static async Task<Person> NewcomerAsync(PortalProcess portal)
    {
        using var admin = new Api(portal.Address, portal.Demo.AdminApiKey);
        var organisation = await admin.PostAsync("/api/v1/admin/organisations", new { name = "Blank Slate", billingEmail = "bills@blank.example.com", currency = "EUR", timeZone = "Europe/Berlin", country = "DE" }, HttpStatusCode.Created);
        var id = organisation["id"]!.GetValue<string>();
        var member = await admin.PostAsync($"/api/v1/admin/organisations/{id}/members", new { email = "owner@blank.example.com", role = "owner" }, HttpStatusCode.Created);
        return new("newcomer", ("owner@blank.example.com", member["password"]!.GetValue<string>()), $"/o/{id}", [], []);
    }

    private static Task ClickAsync(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync();

    private static async Task ProjectAsync(IPage page)
    {
        await page.Locator(".row-link").First.ClickAsync();
        await page.WaitForURLAsync("**/projects/*");
    }

    private static async Task FindOrganisationAsync(IPage page)
    {
        await page.GetByText("Organisation: all").ClickAsync();
        await page.Keyboard.TypeAsync("an");
        await Assertions.Expect(page.Locator(".filter-panel .menu-item").First).ToBeVisibleAsync();
    }
}
