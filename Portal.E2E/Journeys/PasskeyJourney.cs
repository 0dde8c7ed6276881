using Microsoft.Playwright;
using Portal.E2E.Support;

namespace Portal.E2E.Journeys;

/// <summary>A passkey, with an authenticator that the browser plays itself: added, used in place of the password, removed.</summary>
public sealed class PasskeyJourney
{
    [Fact]
    public async Task A_passkey_is_added_signs_in_and_signs_nobody_in_once_it_is_removed()
    {
        await using var portal = await PortalProcess.StartAsync();
        await using var browser = await Browser.StartAsync();
        // A passkey is bound to a name; a number is none.
        var address = new UriBuilder(portal.Address) { Host = "localhost" }.Uri;
        await using var owner = await browser.VisitAsync(address);
        var page = owner.Page;
        await HasAuthenticatorAsync(page);
        var boss = portal.Demo.User("owner");
        await owner.SignInAsync(boss.Email, boss.Password);

        await owner.OpenAsync("/account/security");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await owner.NothingInTheWayAsync();
        await dialog.GetByLabel("Name").FillAsync("Office laptop");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Office laptop", new() { Exact = true })).ToBeVisibleAsync();
        await owner.NothingInTheWayAsync();

        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/account/sign-in");
        var use = page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" });
        await Assertions.Expect(use).ToBeVisibleAsync();
        await owner.NothingInTheWayAsync();
        await use.ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("/account/", StringComparison.Ordinal));
        await owner.ReadyAsync();

        await owner.OpenAsync("/account/security");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Office laptop" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("No passkeys yet")).ToBeVisibleAsync();

        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/account/sign-in");
        await use.ClickAsync();
        await Assertions.Expect(page.GetByText("This passkey isn't linked to an account")).ToBeVisibleAsync();
        owner.HasSeenNoError();
    }

    private static async Task HasAuthenticatorAsync(IPage page)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("WebAuthn.enable");
        await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }
}
