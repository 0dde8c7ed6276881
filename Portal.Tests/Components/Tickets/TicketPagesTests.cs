using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using Portal.Changes;
using Portal.Components.Admin.Support;
using Portal.Components.Customer.Support;
using Portal.Core.Access;
using Portal.Core.Support;
using Portal.Tests.Components.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Components.Tickets;

[Covers(typeof(TicketsPage), typeof(TicketPage), typeof(NewTicketPage), typeof(CustomerTicketsPage), typeof(CustomerTicketPage), typeof(NewCustomerTicketPage))]
public sealed class TicketPagesTests : IAsyncLifetime
{
    private readonly PortalPages _pages = new();

    public Task InitializeAsync() => _pages.InitializeAsync();

    public Task DisposeAsync() => _pages.DisposeAsync();

    [Fact]
    public void Without_tickets_the_list_offers_the_first_one()
    {
        var page = List();

        page.WaitForAssertion(() => page.Find(".empty h2").TextContent.ShouldBe("No tickets yet"));
        page.Find(".empty a").GetAttribute("href").ShouldBe($"/o/{_pages.World.Acme.Id}/support/new");
        page.Find("h1").TextContent.ShouldBe("Support");
    }

    [Fact]
    public async Task While_the_list_loads_grey_stands_in_and_a_failure_is_the_page_s()
    {
        await OpenAsync();
        _pages.Store.Hold();
        var page = List();
        page.FindAll(".skeleton").ShouldNotBeEmpty();
        _pages.Store.LetGo();
        page.WaitForAssertion(() => page.Find("tbody").TextContent.ShouldContain("Where is my receipt?"));

        _pages.Store.Fault = new TimeoutException("no route to 10.0.0.7");
        Should.Throw<TimeoutException>(() => List());
    }

    [Fact]
    public async Task Staff_see_whose_ticket_it_is_and_that_it_is_new()
    {
        var ticket = await OpenAsync();

        var page = StaffList();

        page.WaitForAssertion(() => page.Find("tbody tr.linked"));
        var row = page.Rows("Tickets").ShouldHaveSingleItem();
        row[0].ShouldBe("Where is my receipt? (new)");
        row[1..6].ShouldBe([ticket.Reference, "Acme", "Open", "Normal", "Question"]);
        page.Find(".row-link").GetAttribute("href").ShouldBe($"/admin/support/{ticket.Id}");
    }

    [Fact]
    public async Task The_filters_of_the_address_narrow_the_list()
    {
        await OpenAsync();

        var page = StaffList("?state=settled");

        page.WaitForAssertion(() => page.Find(".empty h2").TextContent.ShouldBe("No results"));
    }

    [Fact]
    public async Task The_list_follows_what_others_open()
    {
        var page = StaffList();
        page.WaitForAssertion(() => page.Find(".empty"));
        var ticket = await OpenAsync();

        _pages.Changes.Say(ChangeKinds.Ticket, ticket.Id);

        page.WaitForAssertion(() => page.Find("tbody").TextContent.ShouldContain(ticket.Reference));
    }

    [Fact]
    public async Task A_customer_opens_a_ticket_with_a_file_once_by_a_double_click()
    {
        var page = New();
        await page.DoAsync("#field-subject", element => element.ChangeAsync("Charged twice"));
        await page.DoAsync("#field-body", element => element.ChangeAsync("See the picture."));
        await page.DoAsync("#field-priority", element => element.ChangeAsync("high"));
        page.WaitForElement("#field-projectId").Change(_pages.World.AcmeProject.Id.ToString());
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("10:02 refused", "trace.log"));
        page.WaitForAssertion(() => page.Find(".files").TextContent.ShouldContain("trace.log"));

        (await _pages.TwiceAsync(() => page.Find("form"), "submit")).ShouldBe(1);

        var ticket = await _pages.World.ReadAsync(db => db.Tickets.SingleAsync());
        ticket.ShouldSatisfyAllConditions(
            made => made.Subject.ShouldBe("Charged twice"), made => made.Priority.ShouldBe(TicketPriority.High), made => made.ProjectId.ShouldBe(_pages.World.AcmeProject.Id),
            made => made.RequesterEmail.ShouldBe(_pages.World.Owner.Email));
        (await _pages.World.ReadAsync(db => db.TicketAttachments.SingleAsync())).FileName.ShouldBe("trace.log");
        page.WaitForAssertion(() => _pages.Navigation.Uri.ShouldEndWith($"/support/{ticket.Id}"));
    }

    [Fact]
    public async Task What_is_missing_is_said_beside_the_field_and_what_was_typed_stays()
    {
        var page = New();
        await page.DoAsync("#field-subject", element => element.ChangeAsync("Charged twice"));
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary([(byte)'M', (byte)'Z', 0, 3], "run.exe"));
        page.WaitForAssertion(() => page.Find(".files").TextContent.ShouldContain("run.exe"));

        await page.DoAsync("form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find("#field-body-error"));
        page.Find("#field-files-error").TextContent.ShouldContain("run.exe is not one of these");
        page.Find("#field-subject").GetAttribute("value").ShouldBe("Charged twice");
        (await _pages.World.ReadAsync(db => db.Tickets.CountAsync())).ShouldBe(0);

        await page.DoAsync(".files button", element => element.ClickAsync(new()));
        page.WaitForAssertion(() => page.FindAll(".files").ShouldBeEmpty());
    }

    [Fact]
    public async Task Staff_choose_whose_ticket_it_is_first()
    {
        _pages.As(_pages.World.Admin, "/admin/support/new");
        var page = _pages.Open<NewTicketPage>();
        await page.DoAsync("#field-subject", element => element.ChangeAsync("Your call"));
        await page.DoAsync("#field-body", element => element.ChangeAsync("As we said."));
        await page.DoAsync("form", element => element.SubmitAsync());
        page.WaitForAssertion(() => page.Find("#field-organisationId-error"));

        await page.DoAsync("#field-organisationId", element => element.InputAsync("Glob"));
        await page.DoAsync(".picks button", element => element.ClickAsync(new()));
        await page.DoAsync("form", element => element.SubmitAsync());

        (await _pages.World.ReadAsync(db => db.Tickets.SingleAsync())).OrganisationId.ShouldBe(_pages.World.Globex.Id);
    }

    [Fact]
    public async Task A_customer_never_sees_a_note_and_staff_see_it_marked()
    {
        var ticket = await OpenAsync();
        await WriteAsync(ticket, "Careful with this one.", isInternal: true);
        await WriteAsync(ticket, "We look into it.");

        var customer = Ticket(ticket);
        customer.WaitForAssertion(() => customer.FindAll(".message").Count.ShouldBe(2));
        customer.Markup.ShouldNotContain("Careful");
        customer.Markup.ShouldNotContain("Internal note");

        var staff = StaffTicket(ticket);
        staff.WaitForAssertion(() => staff.FindAll(".message").Count.ShouldBe(3));
        staff.Find(".message.internal").TextContent.ShouldContain("Careful with this one.");
    }

    [Fact]
    public async Task Staff_answer_once_by_a_double_click_and_the_ticket_waits_for_the_customer()
    {
        var ticket = await OpenAsync();
        var page = StaffTicket(ticket);
        await page.DoAsync("#field-body", element => element.ChangeAsync("It is on its way."));

        (await _pages.TwiceAsync(() => page.Find("section[aria-label=Reply] form"), "submit")).ShouldBe(1);

        page.WaitForAssertion(() => page.FindAll(".message.staff").ShouldHaveSingleItem().TextContent.ShouldContain("It is on its way."));
        page.WaitForAssertion(() => page.Find(".page-title .badge").TextContent.ShouldBe("Waiting on customer"));
        page.Find("#field-body").GetAttribute("value").ShouldBeNullOrEmpty();
        (await _pages.World.ReadAsync(db => db.TicketMessages.CountAsync(message => message.TicketId == ticket.Id))).ShouldBe(2);
        (await _pages.World.ReadAsync(db => db.Outbox.CountAsync(message => message.Kind == "ticket.message"))).ShouldBe(2);
    }

    [Fact]
    public async Task A_note_says_that_staff_alone_read_it_and_mails_nobody()
    {
        var ticket = await OpenAsync();
        var page = StaffTicket(ticket);
        await page.DoAsync("#field-isInternal", element => element.ChangeAsync(true));
        page.WaitForAssertion(() => page.Find("#field-body-help").TextContent.ShouldBe("Only staff can read it."));
        await page.DoAsync("#field-body", element => element.ChangeAsync("Ask finance."));

        await page.DoAsync("section[aria-label=Reply] form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find(".message.internal").TextContent.ShouldContain("Ask finance."));
        (await _pages.World.ReadAsync(db => db.Outbox.CountAsync(message => message.Kind == "ticket.message"))).ShouldBe(1);
    }

    [Fact]
    public async Task Staff_sort_a_ticket()
    {
        var ticket = await OpenAsync();
        var page = StaffTicket(ticket);
        page.WaitForAssertion(() => page.FindAll("#field-assigneeId option").Select(option => option.TextContent).ShouldContain("admin"));
        await page.DoAsync("#field-assigneeId", element => element.ChangeAsync(_pages.World.Admin.Id.ToString()));
        await page.DoAsync("section[aria-label=Properties] #field-status", element => element.ChangeAsync("in_progress"));
        await page.DoAsync("#field-priority", element => element.ChangeAsync("urgent"));

        await page.DoAsync("section[aria-label=Properties] form", element => element.SubmitAsync());

        page.WaitForAssertion(() => page.Find(".page-title .badge").TextContent.ShouldBe("In progress"));
        var stored = await _pages.World.ReadAsync(db => db.Tickets.SingleAsync());
        (stored.AssigneeId, stored.Priority, stored.Status).ShouldBe((_pages.World.Admin.Id, TicketPriority.Urgent, TicketStatus.InProgress));
    }

    [Fact]
    public async Task The_customer_settles_opens_again_and_closes()
    {
        var ticket = await OpenAsync();
        var page = Ticket(ticket);
        await page.PressAsync("Mark as resolved");
        page.WaitForAssertion(() => page.Find(".page-title .badge").TextContent.ShouldBe("Resolved"));
        await page.PressAsync("Reopen");
        page.WaitForAssertion(() => page.Find(".page-title .badge").TextContent.ShouldBe("Open"));
        await page.PressAsync("Mark as resolved");
        await page.PressAsync("Close ticket");

        page.WaitForAssertion(() => page.Find(".note").TextContent.ShouldContain("This ticket is closed"));
        page.FindAll("#field-body").ShouldBeEmpty();
        page.Buttons("Reopen").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_ticket_that_was_opened_is_not_new_any_more()
    {
        var ticket = await OpenAsync();
        var page = StaffTicket(ticket);
        page.WaitForAssertion(() => page.Find(".message"));
        await Eventually.HoldsAsync(() => _pages.World.ReadAsync(db => db.TicketReadings.AnyAsync(reading => reading.UserId == _pages.World.Admin.Id)), "it is noted that it was read", TimeSpan.FromSeconds(20));

        var list = StaffList();

        list.WaitForAssertion(() => list.Rows("Tickets").Single()[0].ShouldBe("Where is my receipt?"));
    }

    [Fact]
    public async Task The_page_follows_what_the_other_side_writes()
    {
        var ticket = await OpenAsync();
        var page = Ticket(ticket);
        page.WaitForAssertion(() => page.FindAll(".message").ShouldHaveSingleItem());
        await WriteAsync(ticket, "We look into it.");

        _pages.Changes.Say(ChangeKinds.Ticket, ticket.Id);

        page.WaitForAssertion(() => page.FindAll(".message").Count.ShouldBe(2));
    }

    [Fact]
    public async Task A_ticket_of_another_organisation_is_not_found()
    {
        var ticket = await OpenAsync();
        var asked = false;
        _pages.Navigation.OnNotFound += (_, _) => asked = true;
        _pages.As(_pages.World.Stranger, $"/o/{_pages.World.Globex.Id}/support/{ticket.Id}");

        var page = _pages.Open<CustomerTicketPage>(it => it.Add(x => x.OrganisationId, _pages.World.Globex.Id).Add(x => x.TicketId, ticket.Id));

        page.WaitForAssertion(() => asked.ShouldBeTrue());
        page.Markup.ShouldNotContain("Where is my receipt?");
    }

    [Fact]
    public async Task Who_reads_only_is_offered_nothing_to_write()
    {
        var ticket = await OpenAsync();
        _pages.As(_pages.World.Viewer, $"/admin/support/{ticket.Id}");
        var page = _pages.Open<TicketPage>(it => it.Add(x => x.Id, ticket.Id));

        page.WaitForAssertion(() => page.Find(".message"));
        page.FindAll("form").ShouldBeEmpty();

        _pages.As(_pages.World.Viewer, "/admin/support");
        var list = _pages.Open<TicketsPage>();
        list.WaitForAssertion(() => list.Find("tbody tr"));
        list.Buttons("New ticket").ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_belongs_nowhere_is_told_so()
    {
        var ticket = await OpenAsync();
        _pages.As(_pages.World.Nobody, "/admin/support");
        var list = _pages.Open<TicketsPage>();
        list.WaitForAssertion(() => list.Markup.ShouldContain("You don't have access to this"));
        list.Markup.ShouldNotContain(ticket.Reference);
    }

    private async Task<Ticket> OpenAsync() => (await _pages.World.Get<OpenTicket>().RunAsync(
        new CallContext(new Actor(ActorKind.User, _pages.World.Owner.Id, _pages.World.Owner.Email!), new AccessScope.Organisation(_pages.World.Acme.Id), new HashSet<string>(Permissions.All), "test"),
        new OpenTicketRequest { OrganisationId = _pages.World.Acme.Id, Subject = "Where is my receipt?", Body = "I paid on Monday." }, default)).Value;

    private async Task WriteAsync(Ticket ticket, string body, bool isInternal = false) => (await _pages.World.Get<ReplyToTicket>().RunAsync(
        _pages.World.Staff with { Actor = new Actor(ActorKind.User, _pages.World.Admin.Id, _pages.World.Admin.Email!) }, ticket.Id, new TicketReply { Body = body, IsInternal = isInternal }, default)).Failures.ShouldBeEmpty();

    private IRenderedComponent<CustomerTicketsPage> List()
    {
        _pages.As(_pages.World.Owner, $"/o/{_pages.World.Acme.Id}/support");
        return _pages.Open<CustomerTicketsPage>(it => it.Add(x => x.OrganisationId, _pages.World.Acme.Id));
    }

    private IRenderedComponent<TicketsPage> StaffList(string query = "")
    {
        _pages.As(_pages.World.Admin, "/admin/support" + query);
        return _pages.Open<TicketsPage>();
    }

    private IRenderedComponent<NewCustomerTicketPage> New()
    {
        _pages.As(_pages.World.Owner, $"/o/{_pages.World.Acme.Id}/support/new");
        return _pages.Open<NewCustomerTicketPage>(it => it.Add(x => x.OrganisationId, _pages.World.Acme.Id));
    }

    private IRenderedComponent<CustomerTicketPage> Ticket(Ticket ticket)
    {
        _pages.As(_pages.World.Owner, $"/o/{_pages.World.Acme.Id}/support/{ticket.Id}");
        return _pages.Open<CustomerTicketPage>(it => it.Add(x => x.OrganisationId, _pages.World.Acme.Id).Add(x => x.TicketId, ticket.Id));
    }

    private IRenderedComponent<TicketPage> StaffTicket(Ticket ticket)
    {
        _pages.As(_pages.World.Admin, $"/admin/support/{ticket.Id}");
        return _pages.Open<TicketPage>(it => it.Add(x => x.Id, ticket.Id));
    }
}
