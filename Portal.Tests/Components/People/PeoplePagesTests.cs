using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Components.Admin.People;
using Portal.Components.Customer.Team;
using Portal.Core.Access;
using Portal.Tests.Components.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Components.People;

[Covers(typeof(TeamPage), typeof(StaffPage), typeof(EverybodyPage), typeof(RolesPage), typeof(RolePage), typeof(AdminKeysPage))]
public sealed class PeoplePagesTests : IAsyncLifetime
{
    private readonly PortalPages _pages = new();

    private Guid Acme => _pages.World.Acme.Id;

    public Task InitializeAsync() => _pages.InitializeAsync();

    public Task DisposeAsync() => _pages.DisposeAsync();

    [Fact]
    public async Task An_owner_invites_somebody_and_sees_the_invitation()
    {
        var page = await TeamAsync(_pages.World.Owner);
        page.WaitForAssertion(() => page.FindAll("tbody")[0].TextContent.ShouldContain("billing@acme.example.com"));
        await page.DoAsync("button:contains('Invite')", element => element.ClickAsync());
        await page.DoAsync("#field-email", element => element.ChangeAsync("no address"));
        await page.DoAsync("#field-roleId", element => element.ChangeAsync(SystemRoles.Member.ToString()));
        await page.DoAsync("dialog form", element => element.SubmitAsync());
        page.WaitForAssertion(() => page.Find("#field-email-error"));
        page.Find("#field-email").GetAttribute("value").ShouldBe("no address");

        await page.DoAsync("#field-email", element => element.ChangeAsync("new@acme.example.com"));
        await page.DoAsync("dialog form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.FindAll("dialog").ShouldBeEmpty());
        page.WaitForAssertion(() => page.Markup.ShouldContain("new@acme.example.com"));
        (await _pages.World.ReadAsync(db => db.Invitations.SingleAsync())).OrganisationId.ShouldBe(Acme);
    }

    [Fact]
    public async Task An_invitation_is_sent_again_and_revoked()
    {
        var invited = (await _pages.World.Get<Invitations>().InviteAsync(_pages.World.Staff, Acme, "new@acme.example.com", SystemRoles.Member, default)).Value;
        var page = await TeamAsync(_pages.World.Owner);

        await page.DoAsync("button:contains('Resend')", element => element.ClickAsync());
        await page.DoAsync("dialog .button-primary", element => element.ClickAsync());
        page.WaitForAssertion(() => page.FindAll("dialog").ShouldBeEmpty());
        (await ReadAsync(invited.Id)).TimesSent.ShouldBe(2);
        await page.DoAsync("button:contains('Revoke')", element => element.ClickAsync());
        await page.DoAsync("dialog .button-danger", element => element.ClickAsync());

        page.WaitForAssertion(() => page.Markup.ShouldContain("No pending invitations"));
        (await ReadAsync(invited.Id)).RevokedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_role_is_changed_and_a_member_removed_and_the_last_owner_stays()
    {
        var page = await TeamAsync(_pages.World.Owner);
        await page.DoAsync(() => Row(page, "billing@acme").QuerySelector("button:contains('Change role')")!, element => element.ClickAsync());
        await page.DoAsync("#field-roleId", element => element.ChangeAsync(SystemRoles.Member.ToString()));
        await page.DoAsync("dialog form", element => element.SubmitAsync());
        page.WaitForAssertion(() => Row(page, "billing@acme").TextContent.ShouldContain("Member"));

        await page.DoAsync(() => Row(page, "owner@acme").QuerySelector("button:contains('Remove')")!, element => element.ClickAsync());
        await page.DoAsync("dialog .button-danger", element => element.ClickAsync());
        page.WaitForAssertion(() => page.Find("dialog [role=alert]").TextContent.ShouldContain("last owner"));
        await page.DoAsync("dialog .dialog-foot button", element => element.ClickAsync());
        await page.DoAsync(() => Row(page, "billing@acme").QuerySelector("button:contains('Remove')")!, element => element.ClickAsync());
        await page.DoAsync("dialog .button-danger", element => element.ClickAsync());

        page.WaitForAssertion(() => page.FindAll("tbody")[0].TextContent.ShouldNotContain("billing@acme"));
    }

    [Fact]
    public async Task After_ten_minutes_the_password_is_asked_for_first_and_without_it_nothing_happens()
    {
        var page = await TeamAsync(_pages.World.Owner);
        page.WaitForAssertion(() => page.Markup.ShouldContain("billing@acme"));
        _pages.World.Clock.Advance(StepUp.Lasts);
        await page.DoAsync(() => Row(page, "billing@acme").QuerySelector("button:contains('Remove')")!, element => element.ClickAsync());
        var removing = page.DoAsync("dialog .button-danger", element => element.ClickAsync());
        await page.DoAsync("#field-currentPassword", element => element.ChangeAsync("not it"));
        await page.FindAll("dialog form").Single().SubmitAsync();
        page.WaitForAssertion(() => page.Find("#field-currentPassword-error"));
        (await HoldsAsync(_pages.World.Billing)).ShouldBeTrue();

        await page.DoAsync("#field-currentPassword", element => element.ChangeAsync(AccessWorld.Password));
        await page.FindAll("dialog form").Single().SubmitAsync();
        await removing;

        page.WaitForAssertion(() => page.FindAll("dialog").ShouldBeEmpty());
        (await HoldsAsync(_pages.World.Billing)).ShouldBeFalse();
    }

    [Fact]
    public async Task Who_only_reads_people_is_offered_no_change()
    {
        await _pages.SignInAsync(_pages.World.Viewer, "/admin/people");
        await _pages.Get<PersonAccessReader>().FreshAsync(_pages.World.Viewer.Id, default);

        var page = _pages.Open<StaffPage>();

        page.WaitForAssertion(() => page.Markup.ShouldContain("admin@example.com"));
        page.FindAll("button:contains('Remove')").ShouldBeEmpty();
        page.FindAll("button:contains('Invite')").ShouldBeEmpty();
    }

    [Fact]
    public async Task Staff_shut_somebody_out_and_let_them_in_again()
    {
        await AsAdminAsync("/admin/people/everybody");
        var page = _pages.Open<EverybodyPage>();
        page.WaitForAssertion(() => page.Markup.ShouldContain("nobody@example.com"));
        await page.DoAsync(() => Row(page, "nobody@example.com").QuerySelector("button:contains('Deactivate')")!, element => element.ClickAsync());
        await page.DoAsync("dialog .button-danger", element => element.ClickAsync());
        page.WaitForAssertion(() => Row(page, "nobody@example.com").QuerySelector("button:contains('Activate')").ShouldNotBeNull());

        await page.DoAsync(() => Row(page, "nobody@example.com").QuerySelector("button:contains('Activate')")!, element => element.ClickAsync());
        await page.DoAsync("dialog .button-primary", element => element.ClickAsync());

        page.WaitForAssertion(() => Row(page, "nobody@example.com").QuerySelector("button:contains('Deactivate')").ShouldNotBeNull());
    }

    [Fact]
    public async Task Roles_stand_side_by_side_and_custom_ones_lead_to_their_page()
    {
        var id = await CustomAsync();
        await AsAdminAsync("/admin/people/roles");

        var page = _pages.Open<RolesPage>();

        page.WaitForAssertion(() => page.FindAll("table").Count.ShouldBe(2));
        page.FindAll("thead a").Select(link => link.GetAttribute("href")).ShouldBe([$"/admin/people/roles/{id}"]);
        var row = page.FindAll("table")[0].QuerySelectorAll("tbody tr").Single(one => one.QuerySelector("th")!.TextContent == "Manage settings");
        row.QuerySelectorAll("td .unseen").Select(cell => cell.TextContent).ShouldBe(["Yes", "No", "No", "No"]);
    }

    [Fact]
    public async Task A_role_is_made_changed_and_deleted()
    {
        await AsAdminAsync("/admin/people/roles/new");
        var page = _pages.Open<RolePage>();
        await page.DoAsync("#field-name", element => element.ChangeAsync("Not Good"));
        await page.DoAsync("form", element => element.SubmitAsync());
        page.WaitForAssertion(() => page.Find("#field-name-error"));
        page.Find("#field-permissions-error");
        await page.DoAsync("#field-name", element => element.ChangeAsync("auditor"));
        await page.DoAsync("[id='field-permissions-invoices:issue']", element => element.ChangeAsync(true));
        await page.DoAsync("form", element => element.SubmitAsync());
        page.WaitForAssertion(() => _pages.Navigation.Uri.ShouldEndWith("/admin/people/roles"));
        var role = await _pages.World.ReadAsync(db => db.Roles.Include(row => row.Permissions).SingleAsync(row => row.Name == "auditor"));
        role.Permissions.ShouldHaveSingleItem().Permission.ShouldBe(Permissions.InvoicesIssue);

        _pages.Navigation.NavigateTo($"/admin/people/roles/{role.Id}");
        var second = _pages.Open<RolePage>(it => it.Add(x => x.Id, role.Id));
        await second.DoAsync("button:contains('Delete')", element => element.ClickAsync());
        await second.DoAsync("dialog .button-danger", element => element.ClickAsync());

        second.WaitForAssertion(() => _pages.Navigation.Uri.ShouldEndWith("/admin/people/roles"));
        (await _pages.World.ReadAsync(db => db.Roles.AnyAsync(row => row.Name == "auditor"))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_role_s_form_has_areas_by_group_and_a_column_is_chosen_whole()
    {
        await AsAdminAsync("/admin/people/roles/new");
        var page = _pages.Open<RolePage>();
        page.WaitForAssertion(() => page.FindAll("tr.group").Select(group => group.TextContent.Trim()).ShouldBe(["Customers", "Pricing", "Billing", "Platform"]));
        // Each permission once.
        page.FindAll("tbody input[type=checkbox]").Select(box => box.Id!["field-permissions-".Length..]).ShouldBe(Roles.PermissionsOf(RoleKind.Platform), ignoreOrder: true);

        await page.DoAsync("#field-permissions-all-view", element => element.ChangeAsync(true));

        Chosen(page).ShouldBe(Roles.PermissionsOf(RoleKind.Platform).Where(Permissions.IsReading), ignoreOrder: true);
        await page.DoAsync("[id='field-permissions-usage:read']", element => element.ChangeAsync(false));
        page.Find("#field-permissions-all-view").HasAttribute("checked").ShouldBeFalse();
        await page.DoAsync("#field-permissions-all-view", element => element.ChangeAsync(true));
        page.Find("#field-permissions-all-view").HasAttribute("checked").ShouldBeTrue();
        await page.DoAsync("#field-permissions-all-view", element => element.ChangeAsync(false));
        Chosen(page).ShouldBeEmpty();
        // What can't be had in an organisation is not offered for it.
        await page.DoAsync("#field-kind", element => element.ChangeAsync("Organisation"));
        page.WaitForAssertion(() => page.FindAll("tbody input[type=checkbox]").Count.ShouldBe(Roles.PermissionsOf(RoleKind.Organisation).Count));

        static IEnumerable<string> Chosen(IRenderedComponent<RolePage> page) => page.FindAll("tbody input[checked]").Select(box => box.Id!["field-permissions-".Length..]);
    }

    [Fact]
    public async Task A_system_role_is_shown_and_not_edited()
    {
        await AsAdminAsync("/admin/people/roles");

        var page = _pages.Open<RolePage>(it => it.Add(x => x.Id, SystemRoles.Viewer));

        page.WaitForAssertion(() => page.Markup.ShouldContain("can't be edited"));
        page.FindAll("form").ShouldBeEmpty();
        page.FindAll("button:contains('Delete')").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_admin_key_is_shown_once_kept_to_its_scopes_and_revoked()
    {
        await AsAdminAsync("/admin/people/keys");
        var page = _pages.Open<AdminKeysPage>();
        await page.DoAsync("button:contains('New key')", element => element.ClickAsync());
        await page.DoAsync("#field-name", element => element.ChangeAsync("Export"));
        await page.DoAsync("dialog form", element => element.SubmitAsync());
        page.WaitForAssertion(() => page.Find("#field-scopes-error"));
        await page.DoAsync("#field-scopes input", element => element.ChangeAsync(true));
        await page.DoAsync("dialog form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find(".secret code").TextContent.ShouldStartWith("bka_"));
        var secret = page.Find(".secret code").TextContent;
        (await _pages.World.Get<AuthenticateAdminKey>().RunAsync(secret, default))!.Person.PlatformPermissions.ShouldHaveSingleItem();
        await page.DoAsync(".dialog-foot button", element => element.ClickAsync());
        page.WaitForAssertion(() => page.Find("tbody").TextContent.ShouldContain("Export"));
        page.Markup.ShouldNotContain(secret);
        await page.DoAsync("button:contains('Revoke')", element => element.ClickAsync());
        await page.DoAsync("dialog .button-danger", element => element.ClickAsync());

        page.WaitForAssertion(() => page.Find("tbody").TextContent.ShouldContain("Revoked"));
        (await _pages.World.Get<AuthenticateAdminKey>().RunAsync(secret, default)).ShouldBeNull();
    }

    private static IElement Row<TPage>(IRenderedComponent<TPage> page, string text)
        where TPage : IComponent => page.FindAll("tbody tr").First(row => row.TextContent.Contains(text, StringComparison.Ordinal));

    private async Task<IRenderedComponent<TeamPage>> TeamAsync(User user)
    {
        await _pages.SignInAsync(user, $"/o/{Acme}/team");
        // As the page around it has: by then it is known what the person may do.
        await _pages.Get<PersonAccessReader>().FreshAsync(user.Id, default);
        var page = _pages.Open<TeamPage>(it => it.Add(x => x.OrganisationId, Acme));
        page.WaitForAssertion(() => page.Markup.ShouldContain("owner@acme.example.com"));
        return page;
    }

    private async Task AsAdminAsync(string address)
    {
        await _pages.SignInAsync(_pages.World.Admin, address);
        await _pages.Get<PersonAccessReader>().FreshAsync(_pages.World.Admin.Id, default);
    }

    private async Task<Guid> CustomAsync() =>
        (await _pages.World.Get<Roles>().CreateAsync(_pages.World.Staff, new RoleDetails(RoleKind.Platform, "auditor", "", [Permissions.AuditRead]), default)).Value;

    private Task<Invitation> ReadAsync(Guid id) => _pages.World.ReadAsync(db => db.Invitations.AsNoTracking().SingleAsync(row => row.Id == id));

    private Task<bool> HoldsAsync(User user) => _pages.World.ReadAsync(db => db.RoleAssignments.AnyAsync(held => held.UserId == user.Id && held.OrganisationId == Acme));
}
