using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Projects;
using Portal.Tests.Components.Support;
using AdminProject = Portal.Components.Admin.Projects.ProjectPage;
using CustomerProject = Portal.Components.Customer.Projects.ProjectPage;
using CustomerProjects = Portal.Components.Customer.Projects.ProjectsPage;

namespace Portal.Tests.Components.Shared;

[Covers(typeof(AdminProject), typeof(CustomerProject), typeof(CustomerProjects))]
public sealed class ProjectAndKeyTests : IAsyncLifetime
{
    private readonly PortalPages _pages = new();

    public Task InitializeAsync() => _pages.InitializeAsync();

    public Task DisposeAsync() => _pages.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_new_key_is_shown_once_with_a_ready_command_and_then_never_again(bool asStaff)
    {
        var page = Project(asStaff);
        await page.DoAsync("button:contains('New key')", element => element.ClickAsync());
        await page.DoAsync("#field-name", element => element.ChangeAsync("Checkout service"));

        await page.DoAsync("dialog form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find(".secret code").TextContent.ShouldStartWith("bk_"));
        var secret = page.Find(".secret code").TextContent;
        page.Find("pre").TextContent.ShouldContain($"Authorization: Bearer {secret}");
        page.Find("pre").TextContent.ShouldContain("/api/v1/ingest");
        var key = await KeyAsync();
        key.KeyHash.ShouldBe(SecretKey.HashOf(secret));
        key.Scopes.ShouldBe([ApiKeyScopes.UsageWrite]);
        await page.DoAsync(".dialog-foot button", element => element.ClickAsync());
        page.WaitForAssertion(() => page.FindAll("tbody tr").Count.ShouldBe(1));
        page.Markup.ShouldNotContain(secret);
        page.Find("tbody").TextContent.ShouldContain(key.Prefix);
    }

    [Fact]
    public async Task A_key_without_a_name_or_scopes_is_not_made_and_what_was_chosen_stays()
    {
        var page = Project();
        await page.DoAsync("button:contains('New key')", element => element.ClickAsync());
        await page.DoAsync("dialog input[type=checkbox]", element => element.ChangeAsync(false));
        await page.DoAsync("#field-rateLimitPerHour", element => element.ChangeAsync("500"));

        await page.DoAsync("dialog form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find("#field-name-error"));
        page.Find("#field-scopes-error");
        page.Find("#field-rateLimitPerHour").GetAttribute("value").ShouldBe("500");
        (await _pages.World.ReadAsync(db => db.ApiKeys.CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task Making_a_key_twice_in_a_row_makes_one()
    {
        var page = Project();
        await page.DoAsync("button:contains('New key')", element => element.ClickAsync());
        await page.DoAsync("#field-name", element => element.ChangeAsync("One"));

        (await _pages.TwiceAsync(() => page.Find("dialog form"), "submit")).ShouldBe(1);

        page.WaitForAssertion(() => page.Find(".secret"));
        (await _pages.World.ReadAsync(db => db.ApiKeys.CountAsync())).ShouldBe(1);
    }

    [Fact]
    public async Task Rotating_shows_the_new_key_once_and_the_old_one_stays_good_for_the_overlap()
    {
        await IssueAsync();
        var page = Project();
        await page.DoAsync("button:contains('Rotate')", element => element.ClickAsync());
        await page.DoAsync("dialog select", element => element.ChangeAsync("60"));

        await page.DoAsync("dialog form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find(".secret"));
        page.Find("dialog").TextContent.ShouldContain("keeps working for 1 hour");
        await page.DoAsync(".dialog-foot button", element => element.ClickAsync());
        page.WaitForAssertion(() => page.FindAll("tbody .badge").Select(badge => badge.TextContent).Order().ShouldBe(["Active", "Rotated"]));
        page.Find("tbody").TextContent.ShouldContain("in 1 hour");
    }

    [Fact]
    public async Task Revoking_asks_happens_once_and_the_key_offers_nothing_more()
    {
        var issued = await IssueAsync();
        var page = Project();
        await page.DoAsync("button:contains('Revoke')", element => element.ClickAsync());
        page.WaitForElement("dialog h2").TextContent.ShouldBe("Revoke Collector?");
        page.Find("dialog").TextContent.ShouldContain(issued.Key.Prefix);

        (await _pages.TwiceAsync(() => page.Find("dialog .button-danger"))).ShouldBe(1);

        page.WaitForAssertion(() => page.Find("tbody .badge").TextContent.ShouldBe("Revoked"));
        page.FindAll("tbody details").ShouldBeEmpty();
        (await _pages.World.ReadAsync(db => db.AuditLog.CountAsync(entry => entry.Action == "api_key.revoked"))).ShouldBe(1);
        (await KeyAsync()).RevokedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Chosen_keys_are_revoked_together_after_all_were_named()
    {
        await IssueAsync();
        await IssueAsync();
        var page = Project();
        page.WaitForAssertion(() => page.FindAll("tbody input[type=checkbox]").Count.ShouldBe(2));
        await page.DoAsync("thead input", element => element.ChangeAsync(true));
        await page.PressAsync("Revoke", ".bulk-bar");
        page.Find("dialog h2").TextContent.ShouldBe("Revoke 2 keys?");
        page.FindAll("dialog li").Count.ShouldBe(2);

        (await _pages.TwiceAsync(() => page.Find("dialog .button-danger"))).ShouldBe(1);

        page.WaitForAssertion(() => page.FindAll("tbody .badge").Select(badge => badge.TextContent).ShouldBe(["Revoked", "Revoked"]));
        page.FindAll(".bulk-bar").ShouldBeEmpty();
        page.FindAll("tbody input").ShouldBeEmpty();
        (await _pages.World.ReadAsync(db => db.AuditLog.CountAsync(entry => entry.Action == "api_key.revoked"))).ShouldBe(2);
    }

    [Fact]
    public async Task Who_sees_keys_only_can_neither_make_nor_revoke_them()
    {
        await IssueAsync();
        var member = await _pages.World.PersonAsync("member@acme.example.com", SystemRoles.Member, _pages.World.Acme.Id);

        var page = Project(person: member);

        page.WaitForAssertion(() => page.Find("tbody").TextContent.ShouldContain("Collector"));
        page.FindAll("button:contains('New key')").ShouldBeEmpty();
        page.FindAll("tbody details").ShouldBeEmpty();
        page.FindAll("table input").ShouldBeEmpty();
        page.FindAll("button:contains('Deactivate')").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deactivated_project_says_so_and_offers_no_key()
    {
        await _pages.World.Get<SaveProject>().ChangeAsync(_pages.World.Staff, _pages.World.AcmeProject.Id, new ProjectFacts("Shop", null, IsActive: false), default);

        var page = Project();

        page.WaitForAssertion(() => page.Find(".note").TextContent.ShouldContain("This project is deactivated"));
        page.FindAll("button:contains('New key')").ShouldAllBe(button => button.HasAttribute("disabled"));
        await page.DoAsync(".note button", element => element.ClickAsync());
        page.WaitForAssertion(() => page.FindAll(".note").ShouldBeEmpty());
    }

    [Fact]
    public void A_customer_never_sees_a_project_of_another_organisation()
    {
        _pages.As(_pages.World.Owner, $"/o/{_pages.World.Acme.Id}/projects/{_pages.World.GlobexProject.Id}");
        var asked = false;
        _pages.Navigation.OnNotFound += (_, _) => asked = true;

        var page = _pages.Open<CustomerProject>(it => it.Add(x => x.OrganisationId, _pages.World.Acme.Id).Add(x => x.ProjectId, _pages.World.GlobexProject.Id));

        page.WaitForAssertion(() => asked.ShouldBeTrue());
        page.Markup.ShouldNotContain("Store");
    }

    [Fact]
    public async Task A_name_that_is_taken_is_said_beside_the_field()
    {
        var page = Projects();
        await page.DoAsync(".page-actions button", element => element.ClickAsync());
        await page.DoAsync("#field-name", element => element.ChangeAsync("Shop"));

        await page.DoAsync("dialog form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find("#field-name-error").TextContent.ShouldContain("Another project"));
    }

    [Fact]
    public async Task A_new_project_is_made_and_opened()
    {
        var page = Projects();
        await page.DoAsync(".page-actions button", element => element.ClickAsync());
        await page.DoAsync("#field-name", element => element.ChangeAsync("Staging"));

        await page.DoAsync("dialog form", element => element.SubmitAsync());

        var made = await _pages.World.ReadAsync(db => db.Projects.SingleAsync(project => project.Name == "Staging"));
        made.OrganisationId.ShouldBe(_pages.World.Acme.Id);
        page.WaitForAssertion(() => _pages.Navigation.Uri.ShouldEndWith($"/o/{_pages.World.Acme.Id}/projects/{made.Id}"));
    }

    [Fact]
    public async Task An_organisation_without_projects_is_offered_the_first_one()
    {
        await _pages.World.ExecuteAsync($"DELETE FROM projects WHERE id = {_pages.World.AcmeProject.Id}");

        var page = Projects();

        page.WaitForAssertion(() => page.FindAll(".empty h2").Select(title => title.TextContent).ShouldBe(["No projects yet", "No keys yet"]));
        page.FindAll(".empty")[0].QuerySelector("button")!.TextContent.Trim().ShouldBe("New project");
    }

    private IRenderedComponent<IComponent> Project(bool asStaff = false, User? person = null)
    {
        var world = _pages.World;
        if (asStaff)
        {
            _pages.As(world.Admin, $"/admin/projects/{world.AcmeProject.Id}");
            return _pages.Open<AdminProject>(it => it.Add(x => x.Id, world.AcmeProject.Id));
        }

        _pages.As(person ?? world.Owner, $"/o/{world.Acme.Id}/projects/{world.AcmeProject.Id}");
        return _pages.Open<CustomerProject>(it => it.Add(x => x.OrganisationId, world.Acme.Id).Add(x => x.ProjectId, world.AcmeProject.Id));
    }

    private IRenderedComponent<CustomerProjects> Projects()
    {
        _pages.As(_pages.World.Owner, $"/o/{_pages.World.Acme.Id}/projects");
        return _pages.Open<CustomerProjects>(it => it.Add(x => x.OrganisationId, _pages.World.Acme.Id));
    }

    private async Task<IssuedApiKey> IssueAsync() =>
        (await _pages.World.Get<IssueApiKey>().RunAsync(_pages.World.Staff, _pages.World.AcmeProject.Id, new ApiKeyRequest("Collector", [ApiKeyScopes.UsageWrite]), default)).Value;

    private Task<ApiKey> KeyAsync() => _pages.World.ReadAsync(db => db.ApiKeys.SingleAsync());
}
