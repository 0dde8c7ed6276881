using System.Net;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using Portal.Components.Account;
using Portal.Core.Access;
using Portal.Tests.Components.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Endpoints.Access;

[Covers(typeof(SignInPage))]
public sealed class SignInTests : IAsyncLifetime
{
    private AccessHost _host = null!;

    public async Task InitializeAsync() => _host = await AccessHost.StartAsync(settings: ("Access:SignInsPerMinute", "100"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Whoever_signs_in_comes_to_where_they_wanted_to_go()
    {
        using var browser = _host.Browser();
        var refused = await browser.GetAsync("/admin/organisations?q=acme");
        refused.StatusCode.ShouldBe(HttpStatusCode.Found);

        var signedIn = await browser.SignInAsync(_host.World.Admin.Email!, AccessWorld.Password, refused.Headers.Location!.PathAndQuery);

        signedIn.StatusCode.ShouldBe(HttpStatusCode.Found);
        signedIn.Headers.Location!.OriginalString.ShouldEndWith("/admin/organisations?q=acme");
        (await browser.GetAsync("/admin/organisations?q=acme")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ActionsAsync(_host.World.Admin)).ShouldContain("user.signed_in");
    }

    [Theory]
    [InlineData("https://evil.example.com/")]
    [InlineData("//evil.example.com")]
    public async Task Another_site_is_never_gone_to(string returnUrl)
    {
        using var browser = _host.Browser();

        var answer = await browser.SignInAsync(_host.World.Admin.Email!, AccessWorld.Password, $"/account/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");

        new Uri(TestBrowser.Root, answer.Headers.Location!).ShouldBe(TestBrowser.Root);
    }

    [Fact]
    public async Task Unknown_wrong_locked_and_deactivated_are_told_the_same_after_about_the_same_time()
    {
        await _host.World.ExecuteAsync($"UPDATE users SET is_active = false WHERE id = {_host.World.Viewer.Id}");
        await _host.World.ExecuteAsync($"UPDATE users SET lockout_end = now() + interval '1 hour' WHERE id = {_host.World.Billing.Id}");
        // Whatever is made on first use is made now.
        using var browser = _host.Browser();
        await browser.SignInAsync("warm-up@example.com", "whatever it is");

        var answers = new List<(HttpStatusCode Status, string? Text, TimeSpan Took)>();
        foreach (var (email, password) in new[]
        {
            ("unknown@example.com", AccessWorld.Password),
            (_host.World.Owner.Email!, "wrong password"),
            (_host.World.Billing.Email!, AccessWorld.Password),
            (_host.World.Viewer.Email!, AccessWorld.Password),
        })
        {
            var started = TimeProvider.System.GetTimestamp();
            var answer = await browser.SignInAsync(email, password);
            var took = TimeProvider.System.GetElapsedTime(started);
            var page = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
            page.QuerySelector("#email")!.GetAttribute("value").ShouldBe(email);
            answers.Add((answer.StatusCode, page.QuerySelector("[role=alert]")?.TextContent, took));
        }

        answers.Select(answer => (answer.Status, answer.Text)).Distinct().ShouldHaveSingleItem().Text.ShouldNotBeNullOrWhiteSpace();
        answers.ShouldAllBe(answer => answer.Took >= TimeSpan.FromMilliseconds(490));
        browser.Cookies.ShouldNotContain(cookie => cookie.Name.EndsWith("session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_even_the_right_one_out()
    {
        using var browser = _host.Browser();
        for (var attempt = 0; attempt < 5; attempt++)
            (await browser.SignInAsync(_host.World.Owner.Email!, "wrong password")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await browser.SignInAsync(_host.World.Owner.Email!, AccessWorld.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await ActionsAsync(_host.World.Owner)).Count(action => action == "user.locked_out").ShouldBe(2);
        // Somebody else is not concerned.
        (await browser.SignInAsync(_host.World.Admin.Email!, AccessWorld.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_with_a_page()
    {
        using var browser = _host.Browser();

        var answer = await browser.PostAsync("/account/sign-in", new Dictionary<string, string>
        {
            ["_handler"] = "sign-in", ["Form.Email"] = _host.World.Admin.Email!, ["Form.Password"] = AccessWorld.Password,
        });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("This form has expired");
        browser.Cookies.ShouldNotContain(cookie => cookie.Name.EndsWith("session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Looking_at_the_sign_out_page_ends_nothing_and_a_foreign_form_neither()
    {
        using var browser = await _host.SignedInAsync(_host.World.Admin);

        (await browser.GetAsync("/account/sign-out")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.PostAsync("/account/sign-out", [])).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        (await browser.GetAsync("/admin")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_on_this_device()
    {
        using var browser = await _host.SignedInAsync(_host.World.Admin);
        var form = await browser.FormAsync("/account/sign-out");

        var answer = await browser.PostAsync("/account/sign-out", form);

        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await browser.GetAsync("/admin")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await ActionsAsync(_host.World.Admin)).ShouldContain("user.signed_out");
    }

    [Fact]
    public async Task A_session_that_is_not_used_ends()
    {
        using var browser = await _host.SignedInAsync(_host.World.Admin);
        _host.World.Clock.Advance(TimeSpan.FromMinutes(61));

        (await browser.GetAsync("/admin")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task A_session_that_is_used_all_day_ends_too()
    {
        using var browser = await _host.SignedInAsync(_host.World.Admin);
        for (var half = 0; half < 23; half++)
        {
            _host.World.Clock.Advance(TimeSpan.FromMinutes(30));
            (await browser.GetAsync("/admin")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        _host.World.Clock.Advance(TimeSpan.FromMinutes(31));

        (await browser.GetAsync("/admin")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Theory]
    [InlineData("security_stamp = 'another'")]
    [InlineData("is_active = false")]
    public async Task A_session_ends_within_a_minute_of_what_ends_it(string change)
    {
        using var browser = await _host.SignedInAsync(_host.World.Nobody);
        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await _host.World.ExecuteAsync(System.Runtime.CompilerServices.FormattableStringFactory.Create($"UPDATE users SET {change} WHERE id = {{0}}", _host.World.Nobody.Id));
        _host.World.Clock.Advance(TimeSpan.FromSeconds(61));

        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    private Task<List<string>> ActionsAsync(User user) =>
        _host.World.ReadAsync(db => db.AuditLog.Where(entry => entry.EntityId == user.Id).Select(entry => entry.Action).ToListAsync());
}
