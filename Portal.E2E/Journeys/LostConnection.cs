using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Support;

namespace Portal.E2E.Journeys;

/// <summary>What was typed outlives the connection, and the server.</summary>
public sealed partial class LostConnection
{
    private readonly string _metric = $"kept_{Guid.CreateVersion7():n}";

    [Fact]
    public async Task What_is_typed_while_the_connection_is_away_is_saved_when_it_is_back()
    {
        await using var portal = await PortalProcess.StartAsync();
        await using var cable = new Cable(portal.Address);
        await using var browser = await Browser.StartAsync();
        await using var staff = await SignedInAsync(browser, portal, cable.Address);
        var page = staff.Page;
        await staff.OpenAsync("/admin/prices/new");
        await page.GetByLabel("Metric", new() { Exact = true }).FillAsync(_metric);
        var loaded = await page.EvaluateAsync<double>("() => performance.timeOrigin");

        cable.Pull();
        await Assertions.Expect(page.GetByText("The connection to the server was lost.")).ToBeVisibleAsync();
        // Nobody hears of this yet.
        await page.GetByLabel("Unit", new() { Exact = true }).FillAsync("count");
        await page.GetByLabel("Price per unit").FillAsync("0.25");
        await page.GetByLabel("Effective from").FillAsync("2020-01-01");
        await page.GetByLabel("Included").FocusAsync();
        cable.PutIn();
        await Assertions.Expect(page.GetByText("The connection to the server was lost.")).ToBeHiddenAsync(new() { Timeout = 30_000 });

        (await page.EvaluateAsync<double>("() => performance.timeOrigin")).ShouldBe(loaded, "the page was loaded again");
        await Assertions.Expect(page.Locator(".quote-answer .figure-value")).ToHaveTextAsync("₹250.00");
        await CreateAsync(page);
        await Assertions.Expect(page.GetByText("₹0.25 per count")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_was_typed_is_back_after_the_server_was_started_again()
    {
        await using var portal = await PortalProcess.StartAsync();
        await using var browser = await Browser.StartAsync();
        await using var staff = await SignedInAsync(browser, portal, portal.Address);
        var page = staff.Page;
        await staff.OpenAsync("/admin/prices/new");
        await FillGraduatedAsync(page);
        var loaded = await page.EvaluateAsync<double>("() => performance.timeOrigin");

        await portal.KillAsync();
        await Assertions.Expect(page.GetByText("The connection to the server was lost.")).ToBeVisibleAsync();
        await portal.RestartAsync();

        var note = page.GetByText("We restored what you typed before the connection was lost.");
        await Assertions.Expect(note).ToBeVisibleAsync(new() { Timeout = 60_000 });
        (await page.EvaluateAsync<double>("() => performance.timeOrigin")).ShouldNotBe(loaded);
        await Assertions.Expect(page.GetByLabel("Metric", new() { Exact = true })).ToHaveValueAsync(_metric);
        await Assertions.Expect(page.GetByLabel("Model")).ToHaveValueAsync("graduated");
        await Assertions.Expect(page.GetByRole(AriaRole.Group, new() { Name = "Tier 1" }).GetByLabel("Up to")).ToHaveValueAsync("100");
        await Assertions.Expect(page.GetByRole(AriaRole.Group, new() { Name = "Tier 2" }).GetByLabel("Per unit")).ToHaveValueAsync("0.5");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Change" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Included")).ToHaveValueAsync("half");
        await staff.NothingInTheWayAsync();

        await page.GetByLabel("Included").FillAsync("5");
        await CreateAsync(page);
        await Assertions.Expect(page.GetByText("All organisations")).ToHaveCountAsync(0);

        // What is saved is not kept.
        await staff.OpenAsync("/admin/prices/new");
        await Assertions.Expect(page.GetByLabel("Metric", new() { Exact = true })).ToHaveValueAsync("");
        await Assertions.Expect(note).ToBeHiddenAsync();
    }

    [Fact]
    public async Task What_is_discarded_or_left_does_not_come_back()
    {
        await using var portal = await PortalProcess.StartAsync();
        await using var browser = await Browser.StartAsync();
        await using var staff = await SignedInAsync(browser, portal, portal.Address);
        var page = staff.Page;
        page.Dialog += (_, dialog) => dialog.AcceptAsync();
        var name = page.GetByLabel("Name", new() { Exact = true });
        await staff.OpenAsync("/admin/organisations/new");
        await name.FillAsync("Half a name");
        await page.ReloadAsync();
        await Assertions.Expect(name).ToHaveValueAsync("Half a name");

        await page.GetByRole(AriaRole.Button, new() { Name = "Discard it" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Discard it" })).ToBeHiddenAsync();
        await staff.ReadyAsync();
        await Assertions.Expect(name).ToHaveValueAsync("");

        await name.FillAsync("Another half");
        await page.GetByRole(AriaRole.Link, new() { Name = "Cancel" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
        await page.WaitForURLAsync("**/admin/organisations");
        await staff.OpenAsync("/admin/organisations/new");
        await Assertions.Expect(name).ToHaveValueAsync("");
    }

    private static async Task<Visitor> SignedInAsync(Browser browser, PortalProcess portal, Uri address)
    {
        var staff = await browser.VisitAsync(address);
        var admin = portal.Demo.User("admin");
        await staff.SignInAsync(admin.Email, admin.Password);
        return staff;
    }

    private async Task FillGraduatedAsync(IPage page)
    {
        await page.GetByLabel("Metric", new() { Exact = true }).FillAsync(_metric);
        await page.GetByLabel("Unit", new() { Exact = true }).FillAsync("count");
        await page.GetByLabel("One organisation").CheckAsync();
        await page.GetByPlaceholder("Name or email").FillAsync("Acme");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = Acme() }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Change" })).ToBeVisibleAsync();
        await page.GetByLabel("Model").SelectOptionAsync("graduated");
        var first = page.GetByRole(AriaRole.Group, new() { Name = "Tier 1" });
        await Assertions.Expect(first).ToBeVisibleAsync();
        var second = page.GetByRole(AriaRole.Group, new() { Name = "Tier 2" });
        if (await second.CountAsync() == 0)
            await page.GetByRole(AriaRole.Button, new() { Name = "Add tier" }).ClickAsync();
        await first.GetByLabel("Up to").FillAsync("100");
        await first.GetByLabel("Per unit").FillAsync("1");
        await second.GetByLabel("Per unit").FillAsync("0.5");
        await page.GetByLabel("Effective from").FillAsync("2020-01-01");
        // Not a number, and the field is not left: half typed is kept as it is.
        await page.GetByLabel("Included").PressSequentiallyAsync("half");
        await Assertions.Expect(page.GetByText("Enter a number, such as 1250.50.").First).ToBeVisibleAsync();
    }

    private static async Task CreateAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Create price" }).ClickAsync();
        await page.WaitForURLAsync(PriceUrl());
    }

    [GeneratedRegex("/admin/prices/[0-9a-f-]{36}$")]
    private static partial Regex PriceUrl();

    [GeneratedRegex("^Acme")]
    private static partial Regex Acme();
}
