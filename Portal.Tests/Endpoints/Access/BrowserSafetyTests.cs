using System.Net;
using Portal.Tests.Support;

namespace Portal.Tests.Endpoints.Access;

public sealed class BrowserSafetyTests
{
    [Fact]
    public async Task Every_answer_tells_browsers_what_to_refuse()
    {
        await using var host = await AccessHost.StartAsync();
        using var browser = await host.SignedInAsync(host.World.Admin);

        foreach (var path in new[] { "/account/sign-in", "/admin", "/admin/organisations", "/no/such/page", "/throws", "/css/tokens.css" })
        {
            var answer = await browser.GetAsync(path);
            Header(answer, "X-Content-Type-Options").ShouldBe("nosniff", path);
            Header(answer, "X-Frame-Options").ShouldBe("DENY", path);
            Header(answer, "Referrer-Policy").ShouldBe("strict-origin-when-cross-origin", path);
            Header(answer, "Permissions-Policy").ShouldContain("camera=()");
            var policy = Header(answer, "Content-Security-Policy");
            policy.ShouldContain("default-src 'self'");
            policy.ShouldContain("script-src 'self';");
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldContain("object-src 'none'");
        }
    }

    [Fact]
    public async Task Pages_of_a_session_are_not_kept_by_caches()
    {
        await using var host = await AccessHost.StartAsync();
        using var browser = await host.SignedInAsync(host.World.Admin);

        foreach (var path in new[] { "/admin", "/admin/organisations/new", "/admin/download" })
            (await browser.GetAsync(path)).Headers.CacheControl!.NoStore.ShouldBeTrue(path);
    }

    [Fact]
    public async Task No_page_has_a_script_or_a_handler_written_into_it()
    {
        await using var host = await AccessHost.StartAsync();
        using var browser = await host.SignedInAsync(host.World.Owner);
        var parser = new AngleSharp.Html.Parser.HtmlParser();

        foreach (var path in new[] { "/account/sign-in", $"/o/{host.World.Acme.Id}", $"/o/{host.World.Acme.Id}/projects", $"/o/{host.World.Acme.Id}/settings" })
        {
            var page = await parser.ParseDocumentAsync(await browser.HtmlAsync(path), CancellationToken.None);
            page.Scripts.ShouldNotBeEmpty();
            page.Scripts.ShouldAllBe(script => script.Source != null && script.TextContent.Length == 0, path);
            page.All.SelectMany(element => element.Attributes).ShouldAllBe(attribute => !attribute.Name.StartsWith("on"), path);
            page.QuerySelectorAll("link[rel=stylesheet], script").Select(element => element.GetAttribute("href") ?? element.GetAttribute("src"))
                .ShouldAllBe(address => !address!.Contains("//"), path);
        }
    }

    [Fact]
    public async Task Outside_development_cookies_are_bound_to_this_host_and_to_https()
    {
        await using var host = await AccessHost.StartAsync("Production");
        using var browser = host.Browser();

        await browser.SignInAsync(host.World.Admin.Email!, AccessWorld.Password);

        foreach (var name in new[] { "__Host-billing.session", "__Host-billing.antiforgery" })
        {
            var cookie = browser.Cookies[name].ShouldNotBeNull();
            (cookie.Secure, cookie.HttpOnly, cookie.Path).ShouldBe((true, true, "/"));
        }
    }

    [Fact]
    public async Task The_session_s_cookie_is_out_of_reach_for_scripts_and_for_other_sites_posts()
    {
        await using var host = await AccessHost.StartAsync();
        using var browser = host.Browser();

        var answer = await browser.SignInAsync(host.World.Admin.Email!, AccessWorld.Password);

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("billing.session=", StringComparison.Ordinal));
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
    }

    [Fact]
    public async Task Too_many_tries_from_one_address_are_refused_for_a_while_and_other_addresses_are_not()
    {
        await using var host = await AccessHost.StartAsync(settings: ("Access:SignInsPerMinute", "2"));
        using var busy = host.Browser();
        using var other = host.Browser();
        other.Address = "192.0.2.77";
        var form = await busy.FormAsync("/account/sign-in");
        await busy.PostAsync("/account/sign-in", form);
        await busy.PostAsync("/account/sign-in", form);

        var refused = await busy.PostAsync("/account/sign-in", form);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Too many attempts");
        (await busy.GetAsync("/account/sign-in")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await other.SignInAsync(host.World.Admin.Email!, AccessWorld.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task An_error_is_a_page_with_a_reference_and_without_what_went_wrong()
    {
        await using var host = await AccessHost.StartAsync("Production");
        using var browser = host.Browser();

        var answer = await browser.GetAsync("/throws");

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("Something went wrong");
        page.ShouldNotContain("inside");
        page.ShouldNotContain("InvalidOperationException");
    }

    [Fact]
    public async Task The_chosen_theme_is_in_the_first_answer_and_nothing_else_gets_into_the_page()
    {
        await using var host = await AccessHost.StartAsync();
        using var browser = host.Browser();
        browser.SetCookie("theme", "dark");
        browser.SetCookie("nav", "x\"onload");

        var page = await browser.HtmlAsync("/account/sign-in");

        page.ShouldContain("data-theme=\"dark\"");
        page.ShouldNotContain("onload");
        page.ShouldNotContain("data-nav");
    }

    [Fact]
    public async Task A_page_is_handed_over_to_its_circuit_without_being_in_the_page_s_state()
    {
        await using var host = await AccessHost.StartAsync();
        using var browser = await host.SignedInAsync(host.World.Admin);

        var page = await browser.HtmlAsync($"/admin/organisations/{host.World.Acme.Id}");

        // The state that Blazor carries is protected: neither the ticket nor what it stands for can be read.
        page.ShouldContain("Blazor-Server-Component-State");
        page.ShouldNotContain("handoff");
    }

    private static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.TryGetValues(name, out var values) ? values : []);
}
