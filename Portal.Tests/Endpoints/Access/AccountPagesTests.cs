using System.Net;
using System.Security.Claims;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Components.Account;
using Portal.Core.Access;
using Portal.Tests.Components.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Endpoints.Access;

/// <summary>The pages for people who are not signed in, as browsers without a circuit see them.</summary>
[Covers(typeof(SignInCodePage), typeof(ForgotPasswordPage), typeof(ResetPasswordPage), typeof(ConfirmAddressPage), typeof(InvitationPage))]
public sealed class AccountPagesTests : IAsyncLifetime
{
    private const string Better = "another fine password";
    private AccessHost _host = null!;
    private MailedLinks _mails = null!;

    public async Task InitializeAsync()
    {
        _host = await AccessHost.StartAsync(settings: ("Access:SignInsPerMinute", "100"));
        _mails = new MailedLinks(_host.World);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Asking_for_a_password_says_the_same_and_takes_about_the_same_time_whoever_it_is()
    {
        await _host.World.ExecuteAsync($"UPDATE users SET is_active = false WHERE id = {_host.World.Viewer.Id}");
        await _host.World.ExecuteAsync($"UPDATE users SET lockout_end = now() + interval '1 hour' WHERE id = {_host.World.Billing.Id}");
        await _host.World.ExecuteAsync($"UPDATE users SET email_confirmed = false WHERE id = {_host.World.Nobody.Id}");
        using var browser = _host.Browser();
        await AskAsync(browser, "warm-up@example.com");

        var answers = new List<(string Text, TimeSpan Took)>();
        foreach (var email in new[] { "unknown@example.com", _host.World.Owner.Email!, _host.World.Viewer.Email!, _host.World.Billing.Email!, _host.World.Nobody.Email!, "" })
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            answers.Add((await AskAsync(browser, email), watch.Elapsed));
        }

        answers.Select(answer => answer.Text).Distinct().ShouldHaveSingleItem().ShouldContain("Check your email");
        answers.ShouldAllBe(answer => answer.Took >= TimeSpan.FromMilliseconds(450));
        (await _mails.CountAsync(_host.World.Owner.Email!)).ShouldBe(1);
        (await _mails.CountAsync(_host.World.Viewer.Email!)).ShouldBe(0);
    }

    [Fact]
    public async Task A_mailed_link_leads_to_a_new_password_and_works_once()
    {
        using var signedIn = await _host.SignedInAsync(_host.World.Owner);
        using var browser = _host.Browser();
        await AskAsync(browser, _host.World.Owner.Email!);
        var path = $"/account/reset-password?token={await _mails.TokenAsync(_host.World.Owner.Email!)}";
        var page = await browser.GetAsync(path);
        page.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);

        var form = await browser.FormAsync(path);
        form["Form.Password"] = "short";
        (await (await browser.PostAsync(path, form)).Content.ReadAsStringAsync()).ShouldContain("Password-error");
        form["Form.Password"] = Better;
        (await (await browser.PostAsync(path, form)).Content.ReadAsStringAsync()).ShouldContain("Password changed");

        (await browser.HtmlAsync(path)).ShouldContain("This link no longer works");
        (await browser.SignInAsync(_host.World.Owner.Email!, AccessWorld.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.SignInAsync(_host.World.Owner.Email!, Better)).StatusCode.ShouldBe(HttpStatusCode.Found);
        _host.World.Clock.Advance(TimeSpan.FromSeconds(61));
        (await signedIn.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await signedIn.GetAsync("/")).Headers.Location!.AbsolutePath.ShouldBe("/account/sign-in");
    }

    [Fact]
    public async Task With_two_steps_the_password_alone_opens_nothing()
    {
        var (key, codes) = await TurnOnAsync(_host.World.Admin);
        _host.World.Clock.Advance(TimeSpan.FromSeconds(30));
        using var browser = _host.Browser();

        var first = await browser.SignInAsync(_host.World.Admin.Email!, AccessWorld.Password, "/account/sign-in?returnUrl=%2Fadmin%2Forganisations");

        var next = first.Headers.Location!.OriginalString;
        next.ShouldContain("/account/sign-in/code");
        (await browser.GetAsync("/admin")).Headers.Location!.AbsolutePath.ShouldBe("/account/sign-in");
        (await (await CodeAsync(browser, next, "000000")).Content.ReadAsStringAsync()).ShouldContain("That code is wrong");
        (await browser.GetAsync("/admin")).StatusCode.ShouldBe(HttpStatusCode.Found);
        var code = Totp.CodeAt(key, _host.World.Clock.GetUtcNow());
        var second = await CodeAsync(browser, next, code);
        second.Headers.Location!.OriginalString.ShouldEndWith("/admin/organisations");
        (await browser.GetAsync("/admin")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var thief = _host.Browser();
        var again = (await thief.SignInAsync(_host.World.Admin.Email!, AccessWorld.Password)).Headers.Location!.OriginalString;
        (await CodeAsync(thief, again, code)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CodeAsync(thief, again, codes[0])).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task The_second_step_is_nobody_s_without_the_first_and_not_for_ever()
    {
        await TurnOnAsync(_host.World.Admin);
        using var browser = _host.Browser();
        (await browser.HtmlAsync("/account/sign-in/code")).ShouldContain("Sign in again");

        await browser.SignInAsync(_host.World.Admin.Email!, AccessWorld.Password);
        (await browser.HtmlAsync("/account/sign-in/code")).ShouldContain("authenticator app");
        _host.World.Clock.Advance(TimeSpan.FromMinutes(6));
        (await browser.HtmlAsync("/account/sign-in/code")).ShouldContain("Sign in again");
    }

    [Fact]
    public async Task Somebody_new_accepts_an_invitation_and_is_in()
    {
        var token = await InviteAsync("new@acme.example.com");
        using var browser = _host.Browser();
        var path = $"/invitation?token={token}";
        var form = await browser.FormAsync(path);
        form["Form.DisplayName"] = "New Person";
        form["Form.Password"] = "password";
        var refused = await (await browser.PostAsync(path, form)).Content.ReadAsStringAsync();
        refused.ShouldContain("Password-error");
        refused.ShouldContain("value=\"New Person\"");
        form["Form.Password"] = Better;

        var accepted = await browser.PostAsync(path, form);

        accepted.Headers.Location!.OriginalString.ShouldEndWith($"/o/{_host.World.Acme.Id}");
        (await browser.GetAsync($"/o/{_host.World.Acme.Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var later = _host.Browser();
        (await later.HtmlAsync(path)).ShouldContain("This link no longer works");
    }

    [Fact]
    public async Task Who_has_an_account_signs_in_and_joins_and_somebody_else_can_t()
    {
        var path = $"/invitation?token={await InviteAsync(_host.World.Nobody.Email!)}";
        using var stranger = await _host.SignedInAsync(_host.World.Stranger);
        (await stranger.HtmlAsync(path)).ShouldContain("but the invitation is for nobody@example.com");
        using var browser = _host.Browser();
        (await browser.HtmlAsync(path)).ShouldContain($"/account/sign-in?returnUrl={Uri.EscapeDataString(path)}");

        var back = await browser.SignInAsync(_host.World.Nobody.Email!, AccessWorld.Password, $"/account/sign-in?returnUrl={Uri.EscapeDataString(path)}");
        back.Headers.Location!.OriginalString.ShouldEndWith(path);
        var joined = await browser.PostAsync(path, await browser.FormAsync(path));

        joined.Headers.Location!.OriginalString.ShouldEndWith($"/o/{_host.World.Acme.Id}");
        (await browser.GetAsync($"/o/{_host.World.Acme.Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_new_address_is_confirmed_by_a_button_so_that_programs_that_follow_links_change_nothing()
    {
        await _host.World.Get<ChangeAddress>().AskAsync(await _host.World.CallOfAsync(_host.World.Owner), "fresh@acme.example.com", default);
        var path = $"/account/confirm-address?token={await _mails.TokenAsync("fresh@acme.example.com")}";
        using var browser = _host.Browser();
        (await browser.HtmlAsync(path)).ShouldContain("fresh@acme.example.com");
        (await browser.SignInAsync(_host.World.Owner.Email!, AccessWorld.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);

        using var other = _host.Browser();
        (await (await other.PostAsync(path, await other.FormAsync(path))).Content.ReadAsStringAsync()).ShouldContain("Email address confirmed");

        (await other.SignInAsync("fresh@acme.example.com", AccessWorld.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await other.HtmlAsync("/account/confirm-address?token=nonsense")).ShouldContain("This link no longer works");
    }

    [Theory]
    [InlineData("/account/forgot-password")]
    [InlineData("/account/sign-in/code")]
    [InlineData("/account/reset-password")]
    [InlineData("/invitation")]
    public async Task Trying_too_often_from_one_address_is_refused_for_a_while(string path)
    {
        await using var host = await AccessHost.StartAsync(settings: ("Access:SignInsPerMinute", "1"));
        using var browser = host.Browser();
        var form = await browser.FormAsync("/account/sign-in");
        await browser.PostAsync(path, form);

        var refused = await browser.PostAsync(path, form);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_person_s_open_pages_are_counted_and_other_people_s_are_not()
    {
        var limit = new ConnectionLimit(Options.Create(new AccessOptions { ConnectionsPerPerson = 1 }));
        var closed = new TaskCompletionSource();
        var first = Connection(_host.World.Admin);
        var open = limit.RunAsync(first, _ => closed.Task);

        var second = Connection(_host.World.Admin);
        await limit.RunAsync(second, _ => throw new InvalidOperationException("It was let in."));
        (second.Response.StatusCode, second.Response.Headers.RetryAfter.ToString()).ShouldBe((429, "60"));
        var letIn = 0;
        await limit.RunAsync(Connection(_host.World.Owner), _ => Let());
        closed.SetResult();
        await open;
        await limit.RunAsync(Connection(_host.World.Admin), _ => Let());
        letIn.ShouldBe(2);

        Task Let()
        {
            letIn++;
            return Task.CompletedTask;
        }

        static DefaultHttpContext Connection(User user)
        {
            var context = new DefaultHttpContext { User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user.Id.ToString())], "test")) };
            (context.Request.Method, context.Request.Path) = ("GET", "/_blazor");
            return context;
        }
    }

    [Fact]
    public async Task Over_https_browsers_are_told_to_stay_there_for_a_year()
    {
        using var browser = _host.Browser();

        (await browser.GetAsync("/account/sign-in")).Headers.GetValues("Strict-Transport-Security").ShouldBe(["max-age=31536000"]);
    }

    [Fact]
    public async Task Sessions_outlive_the_process_because_the_key_ring_is_in_the_database()
    {
        using var browser = await _host.SignedInAsync(_host.World.Admin);

        browser.Cookies.ShouldNotBeEmpty();
        // Fails when it changes no row.
        await _host.World.ExecuteAsync($"UPDATE key_ring SET name = name WHERE xml LIKE '%<key id=%'");
    }

    private async Task<string> InviteAsync(string email)
    {
        (await _host.World.Get<Invitations>().InviteAsync(_host.World.Staff, _host.World.Acme.Id, email, SystemRoles.Member, default)).Failures.ShouldBeEmpty();
        return await _mails.TokenAsync(email);
    }

    private async Task<(string Key, IReadOnlyList<string> Codes)> TurnOnAsync(User user)
    {
        var setup = SecondFactor.Prepare(user.Email!);
        var second = (SecondFactor)_host.Services.GetService(typeof(SecondFactor))!;
        return (setup.Key, (await second.TurnOnAsync(await _host.World.CallOfAsync(user), setup.Key, Totp.CodeAt(setup.Key, _host.World.Clock.GetUtcNow()), default)).Value);
    }

    private static async Task<HttpResponseMessage> CodeAsync(TestBrowser browser, string path, string code)
    {
        var form = await browser.FormAsync(path);
        form["Form.Code"] = code;
        return await browser.PostAsync(path, form);
    }

    private static async Task<string> AskAsync(TestBrowser browser, string email)
    {
        var form = await browser.FormAsync("/account/forgot-password");
        form["Form.Email"] = email;
        var answer = await browser.PostAsync("/account/forgot-password", form);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync())).QuerySelector(".bare-card")!.TextContent;
    }
}
