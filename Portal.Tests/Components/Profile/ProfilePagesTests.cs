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
        await page.WaitForElement("#field-displayName").ChangeAsync(" ");
        await page.Find("form").SubmitAsync();
        page.WaitForAssertion(() => page.Find("#field-displayName-error"));

        await page.Find("#field-displayName").ChangeAsync("Asha");
        await page.Find("#field-timeZone").ChangeAsync("Europe/Berlin");
        await page.Find("form").SubmitAsync();

        page.WaitForAssertion(() => _pages.Toasts.Current.ShouldHaveSingleItem());
        var user = await UserAsync();
        (user.DisplayName, user.TimeZone).ShouldBe(("Asha", "Europe/Berlin"));
    }

    [Fact]
    public async Task Another_address_is_asked_for_by_mail()
    {
        await _pages.SignInAsync(_pages.World.Owner, "/account");
        var page = _pages.Open<ProfilePage>();
        await page.WaitForElement("button:contains('Change address')").ClickAsync();
        await page.WaitForElement("#field-email").ChangeAsync("fresh@acme.example.com");
        await page.Find("dialog form").SubmitAsync();

        page.WaitForAssertion(() => page.Find(".note").TextContent.ShouldContain("fresh@acme.example.com"));
        (await _pages.World.ReadAsync(db => db.AccountLinks.SingleAsync())).Purpose.ShouldBe(LinkPurpose.ChangeAddress);
        (await UserAsync()).Email.ShouldBe("owner@acme.example.com");
    }

    [Fact]
    public async Task A_password_is_changed_with_the_present_one()
    {
        await _pages.SignInAsync(_pages.World.Owner, "/account/security");
        var page = _pages.Open<SecurityPage>();
        await page.WaitForElement("#field-currentPassword").ChangeAsync("not it");
        await page.Find("#field-newPassword").ChangeAsync("another fine password");
        await page.Find("form").SubmitAsync();
        page.WaitForAssertion(() => page.Find("#field-currentPassword-error"));

        await page.Find("#field-currentPassword").ChangeAsync(AccessWorld.Password);
        await page.Find("form").SubmitAsync();

        page.WaitForAssertion(() => _pages.Toasts.Current.ShouldHaveSingleItem());
        page.WaitForAssertion(() => page.Find("#field-newPassword").GetAttribute("value").ShouldBeNullOrEmpty());
        (await _pages.World.ReadAsync(db => db.AuditLog.AnyAsync(row => row.Action == "password.changed"))).ShouldBeTrue();
    }

    [Fact]
    public async Task Two_steps_are_turned_on_with_a_code_of_the_QR_code_s_key_and_off_again()
    {
        await _pages.SignInAsync(_pages.World.Owner, "/account/security");
        var page = _pages.Open<SecurityPage>();
        await page.WaitForElement("button:contains('Set up')").ClickAsync();
        page.WaitForElement("dialog svg.qr path").GetAttribute("d")!.Length.ShouldBeGreaterThan(1000);
        var key = page.Find("dialog code").TextContent.Replace(" ", "", StringComparison.Ordinal);
        await page.Find("#field-code").ChangeAsync("000000");
        await page.Find("dialog form").SubmitAsync();
        page.WaitForAssertion(() => page.Find("#field-code-error"));
        await page.Find("#field-code").ChangeAsync(Totp.CodeAt(key, _pages.World.Clock.GetUtcNow()));
        await page.Find("dialog form").SubmitAsync();

        page.WaitForAssertion(() => page.Find("dialog pre").TextContent.Trim().Split('\n').Length.ShouldBe(RecoveryCode.Count));
        await page.Find(".dialog-foot button").ClickAsync();
        page.WaitForElement("button:contains('Turn off')");
        (await UserAsync()).TwoFactorEnabled.ShouldBeTrue();
        await page.Find("button:contains('Turn off')").ClickAsync();
        await page.WaitForElement("dialog .button-danger").ClickAsync();

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
        page.WaitForElement("section:contains('No passkey yet')");
        await page.Find("button:contains('Add a passkey')").ClickAsync();
        page.WaitForElement("#field-name").GetAttribute("value").ShouldNotBeNullOrEmpty();
        await page.Find("#field-name").ChangeAsync("Laptop");
        var submit = page.Find("dialog form").SubmitAsync();
        await Eventually.HoldsAsync(() => create.Invocations.Count == 1, "the browser is asked");
        create.Invocations.Single().Arguments[0].ShouldBe("Laptop");
        // The browser has sent it meanwhile.
        var call = await _pages.World.CallOfAsync(_pages.World.Owner);
        await _pages.World.Get<Passkeys>().AddAsync(call, new UserPasskeyInfo([1, 2], [3], _pages.World.Clock.GetUtcNow(), 0, null, true, false, false, [4], [5]), "Laptop", default);
        create.SetResult(null);
        await submit;

        page.WaitForElement("button[aria-label='Rename Laptop']");
        await page.Find("button[aria-label='Rename Laptop']").ClickAsync();
        await page.WaitForElement("#field-name").ChangeAsync("Old laptop");
        await page.Find("dialog form").SubmitAsync();
        await page.WaitForElement("button[aria-label='Remove Old laptop']").ClickAsync();
        await page.WaitForElement("dialog .button-danger").ClickAsync();

        page.WaitForElement("section:contains('No passkey yet')");
        (await _pages.World.ReadAsync(db => db.Passkeys.CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task Sessions_are_listed_and_another_one_is_ended()
    {
        var elsewhere = await _pages.World.CallOfAsync(_pages.World.Owner);
        await _pages.SignInAsync(_pages.World.Owner, "/account/security");
        var page = _pages.Open<SecurityPage>();
        page.WaitForAssertion(() => page.FindAll(".rows li").Count.ShouldBe(2));
        page.FindAll(".rows li:contains('This one')").ShouldHaveSingleItem();
        page.Find(".rows li").TextContent.ShouldContain("Firefox on Linux");

        await page.Find(".rows li button").ClickAsync();

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
