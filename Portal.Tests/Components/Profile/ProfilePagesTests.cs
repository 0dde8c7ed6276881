using Bunit;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Components.Profile;
using Portal.Core.Access;
using Portal.Tests.Components.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Components.Profile;

[Covers(typeof(ProfilePage), typeof(SecurityPage))]
public sealed class ProfilePagesTests : IAsyncLifetime
{
    private readonly PortalPages _pages = new();

    public Task InitializeAsync() => _pages.InitializeAsync();

    public Task DisposeAsync() => _pages.DisposeAsync();

    [Fact]
    public async Task A_name_and_a_zone_are_saved_and_what_was_typed_stays_when_it_is_refused()
    {
        await _pages.SignInAsync(_pages.World.Owner, "/account");
        var page = _pages.Open<ProfilePage>();
        await page.DoAsync("#field-displayName", element => element.ChangeAsync(" "));
        await page.DoAsync("form", element => element.SubmitAsync());
        page.WaitForAssertion(() => page.Find("#field-displayName-error"));

        await page.DoAsync("#field-displayName", element => element.ChangeAsync("Asha"));
        await page.DoAsync("#field-timeZone", element => element.ChangeAsync("Europe/Berlin"));
        await page.DoAsync("form", element => element.SubmitAsync());

        page.WaitForAssertion(() => _pages.Toasts.Current.ShouldHaveSingleItem());
        var user = await UserAsync();
        (user.DisplayName, user.TimeZone).ShouldBe(("Asha", "Europe/Berlin"));
    }

    [Fact]
    public async Task Another_address_is_asked_for_by_mail()
    {
        await _pages.SignInAsync(_pages.World.Owner, "/account");
        var page = _pages.Open<ProfilePage>();
        await page.DoAsync("button:contains('Change email')", element => element.ClickAsync());
        await page.DoAsync("#field-email", element => element.ChangeAsync("fresh@acme.example.com"));
        await page.DoAsync("dialog form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find(".note").TextContent.ShouldContain("fresh@acme.example.com"));
        (await _pages.World.ReadAsync(db => db.AccountLinks.SingleAsync())).Purpose.ShouldBe(LinkPurpose.ChangeAddress);
        (await UserAsync()).Email.ShouldBe("owner@acme.example.com");
    }

    [Fact]
    public async Task A_password_is_changed_with_the_present_one()
    {
        await _pages.SignInAsync(_pages.World.Owner, "/account/security");
        var page = _pages.Open<SecurityPage>();
        await page.DoAsync("#field-currentPassword", element => element.ChangeAsync("not it"));
        await page.DoAsync("#field-newPassword", element => element.ChangeAsync("another fine password"));
        await page.DoAsync("form", element => element.SubmitAsync());
        page.WaitForAssertion(() => page.Find("#field-currentPassword-error"));

        await page.DoAsync("#field-currentPassword", element => element.ChangeAsync(AccessWorld.Password));
        await page.DoAsync("form", element => element.SubmitAsync());

        page.WaitForAssertion(() => _pages.Toasts.Current.ShouldHaveSingleItem());
        page.WaitForAssertion(() => page.Find("#field-newPassword").GetAttribute("value").ShouldBeNullOrEmpty());
        (await _pages.World.ReadAsync(db => db.AuditLog.AnyAsync(row => row.Action == "password.changed"))).ShouldBeTrue();
    }

    [Fact]
    public async Task Two_steps_are_turned_on_with_a_code_of_the_QR_code_s_key_and_off_again()
    {
        await _pages.SignInAsync(_pages.World.Owner, "/account/security");
        var page = _pages.Open<SecurityPage>();
        await page.DoAsync("button:contains('Set up')", element => element.ClickAsync());
        page.WaitForElement("dialog svg.qr path").GetAttribute("d")!.Length.ShouldBeGreaterThan(1000);
        var key = page.Find("dialog code").TextContent.Replace(" ", "", StringComparison.Ordinal);
        await page.DoAsync("#field-code", element => element.ChangeAsync("000000"));
        await page.DoAsync("dialog form", element => element.SubmitAsync());
        page.WaitForAssertion(() => page.Find("#field-code-error"));
        await page.DoAsync("#field-code", element => element.ChangeAsync(Totp.CodeAt(key, _pages.World.Clock.GetUtcNow())));
        await page.DoAsync("dialog form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find("dialog pre").TextContent.Trim().Split('\n').Length.ShouldBe(RecoveryCode.Count));
        await page.DoAsync(".dialog-foot button", element => element.ClickAsync());
        page.WaitForElement("button:contains('Turn off')");
        (await UserAsync()).TwoFactorEnabled.ShouldBeTrue();
        await page.DoAsync("button:contains('Turn off')", element => element.ClickAsync());
        await page.DoAsync("dialog .button-danger", element => element.ClickAsync());

        page.WaitForElement("button:contains('Set up')");
        (await UserAsync()).TwoFactorEnabled.ShouldBeFalse();
    }

    [Fact]
    public async Task A_passkey_is_made_by_the_browser_renamed_and_removed()
    {
        await _pages.SignInAsync(_pages.World.Owner, "/account/security");
        var module = _pages.Context.JSInterop.SetupModule("./js/passkeys.js");
        var create = module.Setup<PasskeyRefusal?>(call => call.Identifier == "create");
        var page = _pages.Open<SecurityPage>();
        page.WaitForElement("section:contains('No passkeys yet')");
        await page.DoAsync("button:contains('Add a passkey')", element => element.ClickAsync());
        page.WaitForElement("#field-name").GetAttribute("value").ShouldNotBeNullOrEmpty();
        await page.DoAsync("#field-name", element => element.ChangeAsync("Laptop"));
        var submit = page.DoAsync("dialog form", element => element.SubmitAsync());
        await Eventually.HoldsAsync(() => create.Invocations.Count == 1, "the browser is asked");
        create.Invocations.Single().Arguments[0].ShouldBe("Laptop");
        // The browser has sent it meanwhile.
        var call = await _pages.World.CallOfAsync(_pages.World.Owner);
        await _pages.World.Get<Passkeys>().AddAsync(call, new UserPasskeyInfo([1, 2], [3], _pages.World.Clock.GetUtcNow(), 0, null, true, false, false, [4], [5]), "Laptop", default);
        create.SetResult(null);
        await submit;

        page.WaitForElement("button[aria-label='Rename Laptop']");
        await page.DoAsync("button[aria-label='Rename Laptop']", element => element.ClickAsync());
        await page.DoAsync("#field-name", element => element.ChangeAsync("Old laptop"));
        await page.DoAsync("dialog form", element => element.SubmitAsync());
        await page.DoAsync("button[aria-label='Remove Old laptop']", element => element.ClickAsync());
        await page.DoAsync("dialog .button-danger", element => element.ClickAsync());

        page.WaitForElement("section:contains('No passkeys yet')");
        (await _pages.World.ReadAsync(db => db.Passkeys.CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task Sessions_are_listed_and_another_one_is_ended()
    {
        var elsewhere = await _pages.World.CallOfAsync(_pages.World.Owner);
        await _pages.SignInAsync(_pages.World.Owner, "/account/security");
        var page = _pages.Open<SecurityPage>();
        page.WaitForAssertion(() => page.FindAll(".rows li").Count.ShouldBe(2));
        page.FindAll(".rows li:contains('Current')").ShouldHaveSingleItem();
        page.Find(".rows li").TextContent.ShouldContain("Firefox on Linux");

        await page.DoAsync(".rows li button", element => element.ClickAsync());

        page.WaitForAssertion(() => page.FindAll(".rows li").ShouldHaveSingleItem());
        (await _pages.World.Get<Sessions>().IsOpenAsync(elsewhere.SessionId!.Value, _pages.World.Owner.Id, default)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("<script>", "Unknown browser")]
    [InlineData(null, "Unknown browser")]
    public void A_browser_is_known_by_two_words(string? agent, string name) => BrowserName.Of(agent).ShouldBe(name);

    private Task<User> UserAsync() => _pages.World.ReadAsync(db => db.Users.AsNoTracking().SingleAsync(user => user.Id == _pages.World.Owner.Id));
}
