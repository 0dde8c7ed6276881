using Bunit;
using Microsoft.EntityFrameworkCore;
using Portal.Components.Admin.Organisations;
using Portal.Core.Access;
using Portal.Tests.Components.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Components.Admin;

[Covers(typeof(OrganisationsPage), typeof(OrganisationPage), typeof(NewOrganisationPage), typeof(EditOrganisationPage))]
public sealed class OrganisationPagesTests : IAsyncLifetime
{
    private readonly PortalPages _pages = new();

    public Task InitializeAsync() => _pages.InitializeAsync();

    public Task DisposeAsync() => _pages.DisposeAsync();

    [Fact]
    public async Task The_list_shows_grey_rows_until_the_answer_is_there()
    {
        _pages.As(_pages.World.Admin, "/admin/organisations");
        // The button above the list asks what the person may do.
        await _pages.Get<Portal.Access.PersonAccessReader>().FreshAsync(_pages.World.Admin.Id, default);
        _pages.Store.Hold();

        var page = _pages.Open<OrganisationsPage>();

        page.FindAll("tbody .skeleton").ShouldNotBeEmpty();
        _pages.Store.LetGo();
        page.WaitForAssertion(() => page.FindAll("tbody tr.linked").Count.ShouldBe(2));
    }

    [Fact]
    public void The_list_names_organisations_and_leads_to_them()
    {
        _pages.As(_pages.World.Admin, "/admin/organisations?sort=name");

        var page = _pages.Open<OrganisationsPage>();

        page.WaitForAssertion(() => page.FindAll("a.row-link").Select(link => link.TextContent).ShouldBe(["Acme", "Globex"]));
        page.Find("a.row-link").GetAttribute("href").ShouldBe($"/admin/organisations/{_pages.World.Acme.Id}");
        page.Find("tbody tr").TextContent.ShouldContain("billing@acme.example.com");
        page.Find(".page-actions a").GetAttribute("href").ShouldBe("/admin/organisations/new");
    }

    [Fact]
    public void Who_reads_only_is_offered_no_button()
    {
        _pages.As(_pages.World.Viewer, "/admin/organisations");

        var page = _pages.Open<OrganisationsPage>();

        page.WaitForAssertion(() => page.FindAll("tbody tr.linked").Count.ShouldBe(2));
        page.FindAll("a[href='/admin/organisations/new']").ShouldBeEmpty();
    }

    [Fact]
    public void Who_is_no_staff_sees_that_they_may_not()
    {
        _pages.As(_pages.World.Owner, "/admin/organisations");

        var page = _pages.Open<OrganisationsPage>();

        page.WaitForAssertion(() => page.Find(".empty").TextContent.ShouldContain("You don't have access to this"));
        page.Markup.ShouldNotContain("Globex");
    }

    [Fact]
    public async Task A_database_that_is_away_is_the_page_s_error_and_not_an_empty_list()
    {
        _pages.As(_pages.World.Admin, "/admin/organisations");
        _pages.Store.Fault = new TimeoutException("away");

        var page = _pages.Open<Portal.Components.Shared.PageBoundary>(boundary => boundary.AddChildContent<OrganisationsPage>());

        page.WaitForAssertion(() => page.Find("[role=alert]").TextContent.ShouldContain("This page could not be loaded"));
        page.Markup.ShouldNotContain("away");
        page.Find("[role=alert] .id").GetAttribute("data-copy")!.Length.ShouldBe(32);
        _pages.Store.Fault = null;
        await page.DoAsync("[role=alert] button", element => element.ClickAsync());
        page.WaitForAssertion(() => page.FindAll("tbody tr.linked").Count.ShouldBe(2));
    }

    [Fact]
    public async Task A_new_organisation_with_mistakes_says_them_all_and_makes_none()
    {
        _pages.As(_pages.World.Admin, "/admin/organisations/new");
        var page = _pages.Open<NewOrganisationPage>();
        await page.DoAsync("#field-billingEmail", element => element.ChangeAsync("not a mail"));
        await page.DoAsync("#field-paymentTermsDays", element => element.ChangeAsync("900"));

        await page.DoAsync("form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.FindAll("[role=alert] li").Count.ShouldBe(3));
        page.Find("#field-name-error").TextContent.ShouldContain("1 to 200 characters");
        page.Find("#field-billingEmail").GetAttribute("value").ShouldBe("not a mail");
        page.Find("#field-paymentTermsDays-error").TextContent.ShouldContain("0 to 365");
    }

    [Fact]
    public async Task A_new_organisation_that_is_sent_twice_is_made_once_and_shown()
    {
        _pages.As(_pages.World.Admin, "/admin/organisations/new");
        var page = _pages.Open<NewOrganisationPage>();
        await page.DoAsync("#field-name", element => element.ChangeAsync("Initech"));
        await page.DoAsync("#field-billingEmail", element => element.ChangeAsync("billing@initech.example.com"));

        (await _pages.TwiceAsync(() => page.Find("form"), "submit")).ShouldBe(1);

        var made = await _pages.World.ReadAsync(db => db.Organisations.Where(row => row.Name == "Initech").ToListAsync());
        page.WaitForAssertion(() => _pages.Navigation.Uri.ShouldEndWith($"/admin/organisations/{made.ShouldHaveSingleItem().Id}"));
        (made[0].Currency, made[0].TimeZone, made[0].PaymentTermsDays).ShouldBe(("INR", "Asia/Kolkata", 15));
        _pages.Toasts.Current.ShouldHaveSingleItem().Text.ShouldBe("Initech created.");
    }

    [Fact]
    public async Task Editing_takes_away_what_is_emptied_and_keeps_the_rest()
    {
        _pages.As(_pages.World.Admin, $"/admin/organisations/{_pages.World.Acme.Id}/edit");
        var page = _pages.Open<EditOrganisationPage>(it => it.Add(x => x.Id, _pages.World.Acme.Id));
        page.WaitForAssertion(() => page.Find("#field-name").GetAttribute("value").ShouldBe("Acme"));
        await page.DoAsync("#field-stateCode", element => element.ChangeAsync(""));
        await page.DoAsync("#field-address", element => element.ChangeAsync("1 Example Street\nBengaluru"));

        await page.DoAsync("form", element => element.SubmitAsync());

        page.WaitForAssertion(() => _pages.Navigation.Uri.ShouldEndWith($"/admin/organisations/{_pages.World.Acme.Id}"));
        var acme = await _pages.World.ReadAsync(db => db.Organisations.SingleAsync(row => row.Id == _pages.World.Acme.Id));
        (acme.StateCode, acme.Address, acme.Name).ShouldBe((null, "1 Example Street\nBengaluru", "Acme"));
    }

    [Fact]
    public void An_organisation_s_page_has_its_facts_projects_keys_and_history()
    {
        _pages.As(_pages.World.Admin, $"/admin/organisations/{_pages.World.Acme.Id}");

        var page = Detail(_pages.World.Acme.Id);

        page.WaitForAssertion(() => page.Find("h1").TextContent.ShouldBe("Acme"));
        page.WaitForAssertion(() => page.Find("dl").TextContent.ShouldContain("Karnataka (29)"));
        page.WaitForAssertion(() => page.Find(".timeline").TextContent.ShouldContain("Organisation created"));
        page.WaitForAssertion(() => page.FindAll(".figure-value").Select(figure => figure.TextContent.Trim()).ShouldBe(["₹0.00", "₹0.00", "0", "2"]));
        page.Find(".tabs [aria-current=page]").TextContent.ShouldBe("Overview");

        var projects = Detail(_pages.World.Acme.Id, "projects");
        projects.WaitForAssertion(() => projects.Find("a.row-link").TextContent.ShouldBe("Shop"));
        projects.WaitForAssertion(() => projects.FindAll(".empty h2").Select(title => title.TextContent).ShouldContain("No keys yet"));
    }

    [Fact]
    public async Task Suspending_asks_why_says_what_it_does_and_happens_once()
    {
        _pages.As(_pages.World.Admin, $"/admin/organisations/{_pages.World.Acme.Id}");
        var page = Detail(_pages.World.Acme.Id);
        await page.DoAsync("button:contains('Suspend organisation')", element => element.ClickAsync());
        page.WaitForAssertion(() => page.Find("dialog .plain-list").TextContent.ShouldContain("It has no active keys."));

        await page.DoAsync("dialog form", element => element.SubmitAsync());
        page.WaitForAssertion(() => page.Find("#field-reason-error").TextContent.ShouldContain("Enter a reason"));
        await page.DoAsync("#field-reason", element => element.ChangeAsync("Chargeback"));
        (await _pages.TwiceAsync(() => page.Find("dialog form"), "submit")).ShouldBe(1);

        page.WaitForAssertion(() => page.Find(".note").TextContent.ShouldContain("Chargeback"));
        page.FindAll("dialog").ShouldBeEmpty();
        page.Find(".badge").TextContent.ShouldBe("Suspended");
        page.WaitForAssertion(() => page.Find(".timeline").TextContent.ShouldContain("Organisation suspended"));
        await page.DoAsync(".note button", element => element.ClickAsync());
        (await _pages.TwiceAsync(() => page.Find("dialog .button-primary"))).ShouldBe(1);
        page.WaitForAssertion(() => page.Find(".badge").TextContent.ShouldBe("Active"));
        (await _pages.World.ReadAsync(db => db.AuditLog.CountAsync(entry => entry.Action == "organisation.suspended" || entry.Action == "organisation.restored"))).ShouldBe(2);
    }

    [Fact]
    public async Task A_note_is_written_once_by_a_double_click_and_removed_by_its_author()
    {
        _pages.As(_pages.World.Admin, $"/admin/organisations/{_pages.World.Acme.Id}");
        var page = Detail(_pages.World.Acme.Id);
        page.WaitForAssertion(() => page.Markup.ShouldContain("No notes yet."));
        await page.DoAsync("#field-text", element => element.ChangeAsync("Call <b>before</b> noon"));

        (await _pages.TwiceAsync(() => page.Find("form.form"), "submit")).ShouldBe(1);

        page.WaitForAssertion(() => page.FindAll(".rows li").ShouldHaveSingleItem().TextContent.ShouldContain("Call <b>before</b> noon"));
        page.Find(".rows li").TextContent.ShouldContain("admin@example.com");
        await page.DoAsync(".rows button", element => element.ClickAsync());
        (await _pages.TwiceAsync(() => page.Find("dialog .button-danger"))).ShouldBe(1);
        page.WaitForAssertion(() => page.FindAll(".rows").ShouldBeEmpty());
    }

    [Fact]
    public void Who_reads_only_is_offered_neither_notes_nor_suspending()
    {
        _pages.As(_pages.World.Viewer, $"/admin/organisations/{_pages.World.Acme.Id}");

        var page = Detail(_pages.World.Acme.Id);

        page.WaitForAssertion(() => page.Markup.ShouldContain("No notes yet."));
        page.WaitForAssertion(() => page.FindAll(".tabs a").Count.ShouldBe(13));
        page.FindAll("form").ShouldBeEmpty();
        page.FindAll("button:contains('Suspend')").ShouldBeEmpty();
    }

    [Fact]
    public async Task Viewing_begins_once_by_a_double_click_and_leads_to_the_customer_s_portal()
    {
        _pages.As(_pages.World.Admin, $"/admin/organisations/{_pages.World.Acme.Id}");
        var page = Detail(_pages.World.Acme.Id);
        page.WaitForElement("button:contains('View as customer')");

        (await _pages.TwiceAsync(() => page.Find("button:contains('View as customer')"))).ShouldBe(1);

        page.WaitForAssertion(() => _pages.Navigation.Uri.ShouldEndWith($"/o/{_pages.World.Acme.Id}"));
        (await _pages.World.ReadAsync(db => db.AuditLog.CountAsync(entry => entry.Action == "view.started"))).ShouldBe(1);
    }

    [Fact]
    public async Task A_tab_that_does_not_exist_is_the_page_for_that()
    {
        _pages.As(_pages.World.Admin, $"/admin/organisations/{_pages.World.Acme.Id}/nonsense");
        var asked = false;
        _pages.Navigation.OnNotFound += (_, _) => asked = true;

        await Detail(_pages.World.Acme.Id, "nonsense").WaitForAssertionAsync(() => asked.ShouldBeTrue());
    }

    [Fact]
    public void The_people_of_an_organisation_are_a_tab()
    {
        _pages.As(_pages.World.Admin, $"/admin/organisations/{_pages.World.Acme.Id}/people");

        var page = Detail(_pages.World.Acme.Id, "people");

        page.WaitForAssertion(() => page.Rows("Members").Count.ShouldBe(2));
        page.Markup.ShouldContain("owner@acme.example.com");
        page.Markup.ShouldNotContain("owner@globex");
        page.Find("button:contains('Invite')");
    }

    [Fact]
    public void The_audit_log_of_an_organisation_is_a_tab()
    {
        _pages.As(_pages.World.Admin, $"/admin/organisations/{_pages.World.Acme.Id}/audit");

        var page = Detail(_pages.World.Acme.Id, "audit");

        page.WaitForAssertion(() => page.FindAll("tbody summary").Select(action => action.TextContent).ShouldContain("Organisation created"));
        page.Find(".table-bar-end a").GetAttribute("href").ShouldBe($"/admin/audit?organisation={_pages.World.Acme.Id}");
    }

    [Fact]
    public void An_organisation_that_does_not_exist_is_the_page_for_that()
    {
        _pages.As(_pages.World.Admin, "/admin/organisations/none");
        var asked = false;
        _pages.Navigation.OnNotFound += (_, _) => asked = true;

        Detail(Guid.CreateVersion7(AccessWorld.Start)).WaitForAssertion(() => asked.ShouldBeTrue());
    }

    [Fact]
    public async Task Deactivating_wants_the_name_happens_once_and_can_be_undone()
    {
        _pages.As(_pages.World.Admin, $"/admin/organisations/{_pages.World.Acme.Id}");
        var page = Detail(_pages.World.Acme.Id);
        await page.DoAsync("button:contains('Deactivate organisation')", element => element.ClickAsync());
        await page.DoAsync("#type-to-confirm", element => element.InputAsync("Acme"));
        _pages.World.Clock.Advance(TimeSpan.FromMinutes(1));

        (await _pages.TwiceAsync(() => page.Find("dialog .button-danger"))).ShouldBe(1);

        page.WaitForAssertion(() => page.Find(".note").TextContent.ShouldContain("This account is closed"));
        (await _pages.World.ReadAsync(db => db.AuditLog.CountAsync(entry => entry.EntityId == _pages.World.Acme.Id && entry.Action == "organisation.changed"))).ShouldBe(1);
        page.FindAll("dialog").ShouldBeEmpty();
        await page.DoAsync(".note button", element => element.ClickAsync());
        page.WaitForAssertion(() => page.FindAll(".note").ShouldBeEmpty());
    }

    [Fact]
    public async Task Who_lost_the_role_meanwhile_is_refused_where_they_are()
    {
        _pages.As(_pages.World.Admin, "/admin/organisations/new");
        var page = _pages.Open<NewOrganisationPage>();
        await page.DoAsync("#field-name", element => element.ChangeAsync("Initech"));
        await page.DoAsync("#field-billingEmail", element => element.ChangeAsync("billing@initech.example.com"));
        await _pages.World.PersonAsync("second@example.com", SystemRoles.Admin);
        await _pages.World.Get<RemoveRole>().RunAsync(_pages.World.Staff, _pages.World.Admin.Id, null, default);

        await page.DoAsync("form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find("[role=alert]").TextContent.ShouldContain("You don't have permission to do this."));
        page.Find("#field-name").GetAttribute("value").ShouldBe("Initech");
        (await _pages.World.ReadAsync(db => db.Organisations.CountAsync())).ShouldBe(2);
    }

    private IRenderedComponent<OrganisationPage> Detail(Guid id, string? tab = null) => _pages.Open<OrganisationPage>(it => it.Add(x => x.Id, id).Add(x => x.Tab, tab));
}
