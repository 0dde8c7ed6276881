using System.Net;
using System.Net.Http.Headers;
using Portal.Core.Access;
using Portal.Core.ApiKeys;

namespace Portal.Tests.Endpoints.Access;

public sealed class GuardTests : IAsyncLifetime
{
    private AccessHost _host = null!;

    public async Task InitializeAsync() => _host = await AccessHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/admin")]
    [InlineData("/admin/organisations")]
    [InlineData("/guarded-by-nothing")]
    [InlineData("/no/such/page")]
    [InlineData("/admin/download")]
    public async Task Nothing_is_open_to_who_is_not_signed_in(string path)
    {
        using var browser = _host.Browser();

        var answer = await browser.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        answer.Headers.Location!.AbsolutePath.ShouldBe("/account/sign-in");
    }

    [Fact]
    public async Task The_circuit_s_door_is_closed_to_who_is_not_signed_in()
    {
        using var browser = _host.Browser();

        var answer = await browser.PostAsync("/_blazor/negotiate?negotiateVersion=1", []);

        answer.StatusCode.ShouldNotBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Everybody_is_sent_where_they_belong()
    {
        (await StartOfAsync(_host.World.Admin)).Headers.Location!.OriginalString.ShouldEndWith("/admin");
        (await StartOfAsync(_host.World.Owner)).Headers.Location!.OriginalString.ShouldEndWith($"/o/{_host.World.Acme.Id}");
        (await (await StartOfAsync(_host.World.Nobody)).Content.ReadAsStringAsync()).ShouldContain("No organisation yet");
        await _host.World.Get<AssignRole>().RunAsync(_host.World.Staff, _host.World.Nobody.Id, SystemRoles.Member, _host.World.Acme.Id, default);
        await _host.World.Get<AssignRole>().RunAsync(_host.World.Staff, _host.World.Nobody.Id, SystemRoles.Member, _host.World.Globex.Id, default);
        var choice = await (await StartOfAsync(_host.World.Nobody)).Content.ReadAsStringAsync();
        choice.ShouldContain($"/o/{_host.World.Acme.Id}");
        choice.ShouldContain($"/o/{_host.World.Globex.Id}");

        async Task<HttpResponseMessage> StartOfAsync(User user)
        {
            using var browser = await _host.SignedInAsync(user);
            return await browser.GetAsync("/");
        }
    }

    [Fact]
    public async Task Another_organisation_s_pages_and_downloads_do_not_exist()
    {
        using var browser = await _host.SignedInAsync(_host.World.Owner);
        var acme = _host.World.Acme.Id;
        var globex = _host.World.Globex.Id;

        foreach (var path in new[]
        {
            $"/o/{globex}", $"/o/{globex}/projects", $"/o/{globex}/projects/{_host.World.GlobexProject.Id}", $"/o/{globex}/settings", $"/o/{globex}/download",
            // Its own portal with something of the other's.
            $"/o/{acme}/projects/{_host.World.GlobexProject.Id}",
        })
        {
            var answer = await browser.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("Page not found");
        }

        (await browser.HtmlAsync($"/o/{acme}/projects/{_host.World.AcmeProject.Id}")).ShouldContain("The live service");
    }

    [Fact]
    public async Task Staff_s_pages_are_forbidden_to_customers_and_customers_pages_do_not_exist_for_staff()
    {
        using var customer = await _host.SignedInAsync(_host.World.Owner);
        using var staff = await _host.SignedInAsync(_host.World.Admin);

        (await customer.GetAsync("/admin")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await customer.GetAsync($"/admin/organisations/{_host.World.Acme.Id}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await customer.GetAsync("/admin/download")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await staff.GetAsync($"/o/{_host.World.Acme.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_lacks_the_permission_sees_a_page_that_says_so_in_their_own_portal()
    {
        using var viewer = await _host.SignedInAsync(_host.World.Viewer);
        using var billing = await _host.SignedInAsync(_host.World.Billing);

        var staff = await viewer.GetAsync("/admin/organisations/new");
        var customer = await billing.GetAsync($"/o/{_host.World.Acme.Id}/projects");

        staff.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var page = await staff.Content.ReadAsStringAsync();
        page.ShouldContain("have access to this");
        page.ShouldContain("href=\"/admin/organisations\"");
        customer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await customer.Content.ReadAsStringAsync()).ShouldContain($"href=\"/o/{_host.World.Acme.Id}/settings\"");
    }

    [Fact]
    public async Task A_role_that_was_taken_away_counts_at_the_next_request()
    {
        using var browser = await _host.SignedInAsync(_host.World.Viewer);
        (await browser.GetAsync("/admin")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await _host.World.Get<RemoveRole>().RunAsync(_host.World.Staff, _host.World.Viewer.Id, null, default);

        (await browser.GetAsync("/admin")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_admin_key_opens_what_its_person_may_do_and_nothing_else()
    {
        (await ProbeAsync(await KeyAsync(_host.World.Admin))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ProbeAsync(await KeyAsync(_host.World.Viewer))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ProbeAsync(SecretKey.Create(SecretKey.AdminMark).Value)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await ProbeAsync("bka_x")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await ProbeAsync(null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_does_not_open_the_admin_API_and_a_key_opens_no_page()
    {
        using var browser = await _host.SignedInAsync(_host.World.Admin);
        using var withKey = _host.Browser();
        using var page = new HttpRequestMessage(HttpMethod.Get, new Uri(TestBrowser.Root, "/admin"));
        page.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await KeyAsync(_host.World.Admin));

        (await browser.GetAsync("/api/v1/admin/probe")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await withKey.SendAsync(page)).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Downloads_ask_for_the_permission_in_the_organisation_of_the_address()
    {
        using var billing = await _host.SignedInAsync(_host.World.Billing);
        using var admin = await _host.SignedInAsync(_host.World.Admin);

        (await billing.HtmlAsync($"/o/{_host.World.Acme.Id}/download")).ShouldContain(_host.World.Acme.Id.ToString());
        (await admin.HtmlAsync("/admin/download")).ShouldBe(_host.World.Admin.Email);
    }

    private async Task<HttpResponseMessage> ProbeAsync(string? key)
    {
        using var browser = _host.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(TestBrowser.Root, "/api/v1/admin/probe"));
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await browser.SendAsync(request);
    }

    private async Task<string> KeyAsync(User user) => (await _host.World.Get<IssueAdminApiKey>().RunAsync(_host.World.Staff, user.Id, "Probe", null, null, default)).Value.Secret;
}
