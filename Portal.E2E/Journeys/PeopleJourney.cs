using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Core.Access;
using Portal.E2E.Support;
using Portal.Emails;
using Portal.Tests.Support;

namespace Portal.E2E.Journeys;

/// <summary>From an invitation to a first sign-in with two steps, back in after forgetting, and out again: people in browsers, with a real mail server between them.</summary>
public sealed partial class PeopleJourney
{
    private const string Email = "asha@acme.example.com";
    private const string First = "seven green umbrellas";
    private const string Second = "eight blue umbrellas";

    [Fact]
    public async Task Somebody_is_invited_signs_in_with_two_steps_forgets_changes_roles_and_is_signed_out_from_elsewhere()
    {
        await using var mail = SmtpServer.Start();
        await using var portal = await PortalProcess.StartAsync(new Dictionary<string, string>
        {
            ["Smtp__Host"] = "127.0.0.1",
            ["Smtp__Port"] = mail.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Smtp__Security"] = "None",
            ["Smtp__From"] = "billing@seller.example.com",
        });
        await using var browser = await Browser.StartAsync();
        await using var owner = await browser.VisitAsync(portal.Address);
        await using var invited = await browser.VisitAsync(portal.Address);
        var boss = portal.Demo.User("owner");
        await owner.SignInAsync(boss.Email, boss.Password);
        var team = $"/o/{portal.Demo.OrganisationId}/team";

        await InviteAsync(owner, team);
        await AcceptAsync(invited, await LinkAsync(mail, portal, "invitation"));
        var (key, used) = await TurnOnTwoStepsAsync(invited);
        await ForgetAsync(invited, mail, portal);
        await SignInAsync(invited, key, used);
        await ChangeRoleInAnOpenCircuitAsync(owner, invited, team);
        await EndElsewhereAsync(browser, portal, invited);
        owner.HasSeenNoError();
        invited.HasSeenNoError();
    }

    private static async Task InviteAsync(Visitor owner, string team)
    {
        var page = owner.Page;
        await owner.OpenAsync(team);
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Email address").FillAsync(Email);
        await ChooseRoleAsync(dialog, "Member");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send invitation" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell).Filter(new() { HasText = Email }).First).ToBeVisibleAsync();
        await owner.NothingInTheWayAsync();
    }

    private static async Task AcceptAsync(Visitor invited, string link)
    {
        var page = invited.Page;
        await page.GotoAsync(link);
        await invited.NothingInTheWayAsync();
        await page.GetByLabel("Your name").FillAsync("Asha Rao");
        await page.GetByLabel("Password").FillAsync(First);
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept and sign in" }).ClickAsync();
        await page.WaitForURLAsync("**/o/*");
        await invited.ReadyAsync();
    }

    private static async Task<(string Key, string Used)> TurnOnTwoStepsAsync(Visitor invited)
    {
        var page = invited.Page;
        await invited.OpenAsync("/account");
        await invited.OpenAsync("/account/security");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByRole(AriaRole.Img)).ToBeVisibleAsync();
        await invited.NothingInTheWayAsync();
        var key = (await dialog.Locator("code").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        var used = Code(key);
        await dialog.GetByLabel("Code", new() { Exact = true }).FillAsync(used);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Your recovery codes")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I've saved them" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Turn off" })).ToBeVisibleAsync();
        return (key, used);
    }

    // Asking for another password leaves the second step on, and ends the session that was open.
    private static async Task ForgetAsync(Visitor invited, SmtpServer mail, PortalProcess portal)
    {
        var page = invited.Page;
        await page.GotoAsync("/account/sign-in");
        await page.GetByRole(AriaRole.Link, new() { Name = "Forgot your password?" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Forgot your password?" })).ToBeVisibleAsync();
        await page.GetByLabel("Email address").FillAsync(Email);
        await invited.NothingInTheWayAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send link" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Check your email")).ToBeVisibleAsync();
        await page.GotoAsync(await LinkAsync(mail, portal, "account/reset-password"));
        await page.GetByLabel("New password").FillAsync(Second);
        await invited.NothingInTheWayAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Password changed")).ToBeVisibleAsync();
        await page.Context.ClearCookiesAsync();
    }

    private static async Task SignInAsync(Visitor invited, string key, string used)
    {
        var page = invited.Page;
        await page.GotoAsync("/account/sign-in");
        await page.GetByLabel("Email address").FillAsync(Email);
        await page.GetByLabel("Password").FillAsync(Second);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/account/sign-in/code**");
        await invited.NothingInTheWayAsync();
        // The code that turned it on is used up: the next one counts.
        await Eventually.HoldsAsync(() => Code(key) != used, "the app shows another code", TimeSpan.FromSeconds(40));
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(Code(key));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("/account/", StringComparison.Ordinal));
        await invited.ReadyAsync();
    }

    // The page stays open and is not touched: within a minute it looks again.
    private static async Task ChangeRoleInAnOpenCircuitAsync(Visitor owner, Visitor invited, string team)
    {
        var menu = invited.Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" });
        await Assertions.Expect(menu.GetByRole(AriaRole.Link, new() { Name = "Projects and keys" })).ToBeVisibleAsync();
        await Assertions.Expect(menu.GetByRole(AriaRole.Link, new() { Name = "Invoices" })).ToHaveCountAsync(0);
        var page = owner.Page;
        await owner.OpenAsync(team);
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Asha Rao" });
        await row.Locator("summary").ClickAsync();
        await row.GetByText("Change role").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await ChooseRoleAsync(dialog, "Billing");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Change role" }).ClickAsync();
        await Assertions.Expect(row.GetByText("Billing", new() { Exact = true })).ToBeVisibleAsync();

        await Assertions.Expect(menu.GetByRole(AriaRole.Link, new() { Name = "Invoices" })).ToBeVisibleAsync(new() { Timeout = 75_000 });
        await Assertions.Expect(menu.GetByRole(AriaRole.Link, new() { Name = "Projects and keys" })).ToHaveCountAsync(0);
    }

    private static async Task EndElsewhereAsync(Browser browser, PortalProcess portal, Visitor invited)
    {
        await using var elsewhere = await browser.VisitAsync(portal.Address);
        var billing = portal.Demo.User("billing");
        await elsewhere.SignInAsync(billing.Email, billing.Password);
        await elsewhere.ReadyAsync();
        await using var here = await browser.VisitAsync(portal.Address);
        await here.SignInAsync(billing.Email, billing.Password);
        await here.OpenAsync("/account/security");

        await here.Page.GetByRole(AriaRole.Button, new() { NameRegex = EndOne() }).First.ClickAsync();
        await Assertions.Expect(here.Page.GetByText("Session ended.")).ToBeVisibleAsync();

        // Nobody touches that page, and it goes to the sign-in page within a minute.
        await elsewhere.Page.WaitForURLAsync("**/account/sign-in**", new() { Timeout = 75_000 });
        await here.OpenAsync("/account/security");
        invited.Page.Url.ShouldNotContain("/account/");
    }

    private static async Task ChooseRoleAsync(ILocator dialog, string role) =>
        await dialog.GetByLabel("Role").SelectOptionAsync((await dialog.Locator("option").Filter(new() { HasTextRegex = new Regex($"^{role}\\b") }).GetAttributeAsync("value"))!);

    private static string Code(string key) => Totp.CodeAt(key, TimeProvider.System.GetUtcNow());

    private static async Task<string> LinkAsync(SmtpServer mail, PortalProcess portal, string path)
    {
        var link = "";
        await Eventually.HoldsAsync(() =>
        {
            link = mail.Mails.Where(one => one.To.Contains(Email)).Select(one => Link().Match(EmlMail.Parse(one.Bytes).Text ?? "")).LastOrDefault(match => match.Groups[1].Value == path)?.Value ?? "";
            return link.Length > 0;
        }, $"a mail with a link to {path} arrives", TimeSpan.FromSeconds(60));
        return new Uri(portal.Address, new Uri(link).PathAndQuery).ToString();
    }

    [GeneratedRegex(@"https?://[^/\s]+/([a-z/-]+)\?token=[A-Za-z0-9_-]+")]
    private static partial Regex Link();

    [GeneratedRegex("^End the session of")]
    private static partial Regex EndOne();
}
