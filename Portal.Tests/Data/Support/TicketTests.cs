using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Emails;
using Portal.Core.Kernel;
using Portal.Core.Support;

namespace Portal.Tests.Data.Support;

public sealed class TicketTests(SupportWorld world) : IClassFixture<SupportWorld>
{
    private static readonly byte[] s_png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13];

    [Fact]
    public async Task A_ticket_goes_to_and_fro_with_a_mail_each_way()
    {
        var ticket = await world.OpenAsync("Charged twice?", "Two payments for one invoice.\nPlease look.");
        await world.DeliverAsync();

        var asked = world.Mail.To(SupportWorld.SellerMail).Last(mail => mail.Subject.Contains(ticket.Reference, StringComparison.Ordinal));
        asked.Subject.ShouldBe($"[{ticket.Reference}] Charged twice?");
        asked.Text.ShouldContain("Two payments for one invoice.");
        asked.Text.ShouldContain("Customer: Acme");
        asked.Text.ShouldContain($"/admin/support/{ticket.Id}");

        world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        (await world.Get<ChangeTicket>().RunAsync(world.Staff(), ticket.Id, new TicketChanges { AssigneeId = world.World.Admin.Id, Priority = TicketPriority.High }, default)).Failures.ShouldBeEmpty();
        (await world.WriteAsync(world.Staff(), ticket.Id, "One of them is a hold of your bank.", status: TicketStatus.WaitingOnCustomer)).Failures.ShouldBeEmpty();
        await world.DeliverAsync();

        var answered = world.Mail.To(world.World.Owner.Email!)[^1];
        answered.Text.ShouldContain("One of them is a hold of your bank.");
        answered.Text.ShouldContain($"/o/{world.World.Acme.Id}/support/{ticket.Id}");
        answered.ReplyTo!.Address.ShouldBe(SupportWorld.SellerMail);
        (await world.ReadAsync(world.Staff(), ticket.Id)).Ticket.ShouldSatisfyAllConditions(
            now => now.Status.ShouldBe(TicketStatus.WaitingOnCustomer), now => now.Priority.ShouldBe(TicketPriority.High), now => now.FirstResponseAt.ShouldNotBeNull());

        (await world.WriteAsync(world.Owner, ticket.Id, "Thank you, that is clear.")).Failures.ShouldBeEmpty();
        await world.DeliverAsync();

        // Somebody looks after it now: the answer is theirs.
        world.Mail.To(world.World.Admin.Email!)[^1].Text.ShouldContain("Thank you, that is clear.");
        var details = await world.ReadAsync(world.Owner, ticket.Id);
        details.Ticket.Status.ShouldBe(TicketStatus.Open);
        details.Entries.Select(entry => (entry.Author, entry.AuthorName)).ShouldBe([(TicketAuthor.Customer, "owner"), (TicketAuthor.Staff, "admin"), (TicketAuthor.Customer, "owner")]);
        (await ActionsAsync(ticket.Id)).ShouldBe(["ticket.opened", "ticket.sorted", "ticket.replied", "ticket.replied"]);
    }

    [Fact]
    public async Task A_note_among_staff_is_nothing_to_the_customer_by_any_way()
    {
        var ticket = await world.OpenAsync();
        (await world.WriteAsync(world.Staff(), ticket.Id, "Looks like a dispute. Careful.", isInternal: true, files: new UploadedFile("ledger.txt", "secret"u8.ToArray()))).Failures.ShouldBeEmpty();
        await world.DeliverAsync();

        var staff = await world.ReadAsync(world.Staff(), ticket.Id);
        var note = staff.Entries.Single(entry => entry.IsInternal);
        (await world.ReadAsync(world.Owner, ticket.Id)).Entries.ShouldHaveSingleItem().IsInternal.ShouldBeFalse();
        (await world.Get<GetTicketAttachment>().RunAsync(world.Owner, note.Files.Single().Id, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await world.Get<GetTicket>().OfMessageAsync(world.Owner, note.Id, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await world.Get<GetTicketAttachment>().RunAsync(world.Staff(), note.Files.Single().Id, default)).Succeeded.ShouldBeTrue();
        // Nor to the database's own role of theirs.
        (await world.CountAsTenantAsync(world.World.Acme.Id, $"SELECT count(*) FROM support_messages WHERE ticket_id = '{ticket.Id}'")).ShouldBe(1);
        (await world.CountAsTenantAsync(world.World.Acme.Id, $"SELECT count(*) FROM support_attachments WHERE id = '{note.Files.Single().Id}'")).ShouldBe(0);
        // No mail went out, and their history has no trace.
        world.Mail.Attempts.ShouldNotContain(mail => mail.Text.Contains("dispute", StringComparison.Ordinal));
        var history = await world.Get<ListHistory>().RunAsync(world.Owner, [ticket.Id], 50, default);
        history.Value.Select(entry => entry.Action).ShouldBe(["ticket.opened"]);
        (await world.Get<ListTickets>().RunAsync(world.Owner, new TicketFilter(), new ListRequest { Search = ticket.Reference }, default)).Value.Items.Single()
            .ShouldSatisfyAllConditions(row => row.Messages.ShouldBe(1), row => row.IsUnread.ShouldBeFalse());
    }

    [Fact]
    public async Task Nobody_of_a_customer_writes_a_note_or_as_staff()
    {
        var ticket = await world.OpenAsync();

        (await world.WriteAsync(world.Owner, ticket.Id, "Psst", isInternal: true)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await world.Get<ChangeTicket>().RunAsync(world.Owner, ticket.Id, new TicketChanges { Priority = TicketPriority.Urgent }, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        foreach (var row in new[] { "'staff', false", "'staff', true" })
        {
            await Should.ThrowAsync<PostgresException>(() => world.CountAsTenantAsync(world.World.Acme.Id,
                $"WITH written AS (INSERT INTO support_messages (id, organisation_id, ticket_id, author_name, body, created_at, author, is_internal) VALUES (gen_random_uuid(), '{world.World.Acme.Id}', '{ticket.Id}', 'x', 'x', now(), {row}) RETURNING 1) SELECT count(*) FROM written"));
        }
    }

    [Fact]
    public async Task Another_customer_finds_neither_ticket_nor_file()
    {
        var ticket = await world.OpenAsync(files: new UploadedFile("shot.png", s_png));
        var file = (await world.ReadAsync(world.Owner, ticket.Id)).Entries.Single().Files.Single();
        var stranger = SupportWorld.Member(world.World.Stranger, world.World.Globex.Id);

        (await world.Get<GetTicket>().RunAsync(stranger, ticket.Id, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await world.Get<GetTicketAttachment>().RunAsync(stranger, file.Id, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await world.WriteAsync(stranger, ticket.Id, "Mine now")).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await world.Get<ChangeTicket>().RunAsync(stranger, ticket.Id, new TicketChanges { Status = TicketStatus.Resolved }, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await world.Get<MarkTicketRead>().RunAsync(stranger, ticket.Id, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await world.Get<ListTickets>().RunAsync(stranger, new TicketFilter { OrganisationId = world.World.Acme.Id }, new ListRequest(), default)).Value.Items.ShouldBeEmpty();
        (await world.Get<OpenTicket>().RunAsync(stranger, new OpenTicketRequest { OrganisationId = world.World.Acme.Id, Subject = "x", Body = "x" }, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        foreach (var table in new[] { "support_tickets", "support_messages", "support_attachments", "support_readings" })
            (await world.CountAsTenantAsync(world.World.Globex.Id, $"SELECT count(*) FROM {table} WHERE organisation_id = '{world.World.Acme.Id}'")).ShouldBe(0, table);
    }

    [Fact]
    public async Task A_ticket_is_tied_to_things_of_its_own_organisation_only()
    {
        var ticket = await world.OpenAsync(about: new TicketSubjects(ProjectId: world.World.AcmeProject.Id));
        (await world.ReadAsync(world.Owner, ticket.Id)).ProjectName.ShouldBe("Shop");

        var request = new OpenTicketRequest
        {
            OrganisationId = world.World.Acme.Id, Subject = "x", Body = "x",
            About = new TicketSubjects(Guid.CreateVersion7(world.World.Clock.GetUtcNow()), Guid.CreateVersion7(world.World.Clock.GetUtcNow()), world.World.GlobexProject.Id),
        };
        var refused = await world.Get<OpenTicket>().RunAsync(world.Staff(), request, default);

        refused.Failures.Select(failure => failure.Field).ShouldBe(["invoiceId", "apiKeyId", "projectId"]);
    }

    [Fact]
    public async Task What_is_wrong_is_said_by_field_and_nothing_is_kept()
    {
        var before = await world.World.ReadAsync(db => db.Tickets.CountAsync());

        var refused = await world.Get<OpenTicket>().RunAsync(world.Owner, new OpenTicketRequest
        {
            OrganisationId = world.World.Acme.Id, Subject = "two\nlines", Body = " ", Files = [new UploadedFile("run.exe", [(byte)'M', (byte)'Z', 0, 1])],
        }, default);

        refused.Failures.Select(failure => failure.Field).ShouldBe(["subject", "body", "files"]);
        (await world.World.ReadAsync(db => db.Tickets.CountAsync())).ShouldBe(before);
    }

    [Fact]
    public async Task A_file_is_kept_by_what_it_is_with_its_hash()
    {
        var ticket = await world.OpenAsync(files: new UploadedFile("../shot.exe", s_png));
        var listed = (await world.ReadAsync(world.Owner, ticket.Id)).Entries.Single().Files.Single();
        listed.ShouldSatisfyAllConditions(file => file.FileName.ShouldBe("shot.png"), file => file.ContentType.ShouldBe("image/png"), file => file.Size.ShouldBe(s_png.Length));

        var file = (await world.Get<GetTicketAttachment>().RunAsync(world.Owner, listed.Id, default)).Value;

        file.Content.ShouldBe(s_png);
        file.Sha256.ShouldBe(SHA256.HashData(s_png));
        await Should.ThrowAsync<PostgresException>(() => world.World.ExecuteAsync($"UPDATE support_attachments SET content = 'x' WHERE id = {listed.Id}"));
        await Should.ThrowAsync<PostgresException>(() => world.World.ExecuteAsync($"UPDATE support_messages SET body = 'x' WHERE ticket_id = {ticket.Id}"));
    }

    [Fact]
    public async Task The_customer_settles_a_ticket_and_writing_opens_it_again_until_it_is_closed()
    {
        var ticket = await world.OpenAsync();
        (await MoveAsync(world.Owner, ticket, TicketStatus.InProgress)).ShouldBe("ticket_status");
        (await MoveAsync(world.Owner, ticket, TicketStatus.Resolved)).ShouldBeNull();
        (await world.ReadAsync(world.Owner, ticket.Id)).Ticket.ResolvedAt.ShouldNotBeNull();

        (await world.WriteAsync(world.Owner, ticket.Id, "It is back.")).Failures.ShouldBeEmpty();
        (await world.ReadAsync(world.Owner, ticket.Id)).Ticket.ShouldSatisfyAllConditions(now => now.Status.ShouldBe(TicketStatus.Open), now => now.ResolvedAt.ShouldBeNull());

        (await MoveAsync(world.Staff(), ticket, TicketStatus.Closed)).ShouldBeNull();
        (await world.WriteAsync(world.Owner, ticket.Id, "And again.")).Failure.Code.ShouldBe("ticket_closed");
        (await MoveAsync(world.Staff(), ticket, TicketStatus.Open)).ShouldBe("ticket_status");
        await Should.ThrowAsync<PostgresException>(() => world.World.ExecuteAsync($"UPDATE support_tickets SET status = 'open', resolved_at = NULL WHERE id = {ticket.Id}"));
        // Staff still note what they learn.
        (await world.WriteAsync(world.Staff(), ticket.Id, "Refunded by hand.", isInternal: true)).Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_somebody_else_wrote_is_new_until_it_is_read()
    {
        var ticket = await world.OpenAsync();
        (await IsNewAsync(world.Owner, ticket)).ShouldBeFalse("it is their own");
        (await IsNewAsync(world.Staff(), ticket)).ShouldBeTrue();
        (await world.Get<MarkTicketRead>().RunAsync(world.Staff(), ticket.Id, default)).Failures.ShouldBeEmpty();
        (await IsNewAsync(world.Staff(), ticket)).ShouldBeFalse();

        (await world.WriteAsync(world.Staff(), ticket.Id, "We look.")).Failures.ShouldBeEmpty();
        (await IsNewAsync(world.Owner, ticket)).ShouldBeTrue();
        // Each person reads for themselves.
        (await world.Get<MarkTicketRead>().RunAsync(world.Owner, ticket.Id, default)).Failures.ShouldBeEmpty();
        (await IsNewAsync(world.Owner, ticket)).ShouldBeFalse();
        (await IsNewAsync(SupportWorld.Member(world.World.Billing, world.World.Acme.Id, SystemRoles.Billing), ticket)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_list_is_searched_filtered_sorted_and_paged_in_the_database()
    {
        var mark = $"list{world.World.Clock.GetUtcNow().Ticks}";
        var tickets = new List<Ticket>();
        for (var index = 0; index < 5; index++)
            tickets.Add(await world.OpenAsync($"{mark} {index}"));
        (await world.Get<ChangeTicket>().RunAsync(world.Staff(), tickets[1].Id, new TicketChanges { Priority = TicketPriority.Urgent, AssigneeId = world.World.Admin.Id, Status = TicketStatus.InProgress }, default)).Failures.ShouldBeEmpty();
        (await world.Get<ChangeTicket>().RunAsync(world.Staff(), tickets[2].Id, new TicketChanges { Priority = TicketPriority.Low, Status = TicketStatus.Closed }, default)).Failures.ShouldBeEmpty();

        (await NamesAsync(new TicketFilter(), new ListRequest { Search = mark })).ShouldBe([.. Enumerable.Range(0, 5).Reverse().Select(index => $"{mark} {index}")]);
        (await NamesAsync(new TicketFilter(), new ListRequest { Search = mark, Sort = "priority", Descending = true }))[0].ShouldBe($"{mark} 1");
        (await NamesAsync(new TicketFilter(), new ListRequest { Search = mark, Sort = "priority" }))[0].ShouldBe($"{mark} 2");
        (await NamesAsync(new TicketFilter(), new ListRequest { Search = mark, Sort = "number", Take = 2, Skip = 2 })).ShouldBe([$"{mark} 2", $"{mark} 3"]);
        (await NamesAsync(new TicketFilter { Unsettled = false }, new ListRequest { Search = mark })).ShouldBe([$"{mark} 2"]);
        (await NamesAsync(new TicketFilter { AssigneeId = world.World.Admin.Id }, new ListRequest { Search = mark })).ShouldBe([$"{mark} 1"]);
        (await NamesAsync(new TicketFilter { AssigneeId = Guid.Empty }, new ListRequest { Search = mark })).Count.ShouldBe(4);
        (await NamesAsync(new TicketFilter { Status = TicketStatus.InProgress }, new ListRequest { Search = mark })).ShouldBe([$"{mark} 1"]);
        (await NamesAsync(new TicketFilter(), new ListRequest { Search = tickets[3].Reference })).ShouldBe([$"{mark} 3"]);
        (await NamesAsync(new TicketFilter { Unread = true }, new ListRequest { Search = mark })).Count.ShouldBe(5);
        var page = await world.Get<ListTickets>().RunAsync(world.Staff(), new TicketFilter(), new ListRequest { Search = mark, Take = 2, WithTotal = true }, default);
        (page.Value.Items.Count, page.Value.HasMore, page.Value.Total).ShouldBe((2, true, 5));
    }

    [Fact]
    public async Task Only_staff_who_may_answer_can_be_given_a_ticket()
    {
        var ticket = await world.OpenAsync();
        var agents = (await world.Get<ListTicketAgents>().RunAsync(world.Staff(), default)).Value;
        agents.Select(agent => agent.UserId).ShouldContain(world.World.Admin.Id);
        agents.Select(agent => agent.UserId).ShouldNotContain(world.World.Viewer.Id);

        foreach (var nobody in new[] { world.World.Viewer.Id, world.World.Owner.Id })
            (await world.Get<ChangeTicket>().RunAsync(world.Staff(), ticket.Id, new TicketChanges { AssigneeId = nobody }, default)).Failure.Field.ShouldBe("assigneeId");
        (await world.Get<ListTicketAgents>().RunAsync(world.Owner, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task Who_may_not_read_tickets_reads_none_and_who_reads_only_writes_none()
    {
        var ticket = await world.OpenAsync();
        var nobody = world.Staff() with { Permissions = new HashSet<string>() };
        (await world.Get<GetTicket>().RunAsync(nobody, ticket.Id, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await world.Get<ListTickets>().RunAsync(nobody, new TicketFilter(), new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        var viewer = world.Staff(world.World.Viewer) with { Permissions = SystemRoles.All.Single(role => role.Id == SystemRoles.Viewer).Permissions.Select(held => held.Permission).ToHashSet() };
        (await world.Get<GetTicket>().RunAsync(viewer, ticket.Id, default)).Succeeded.ShouldBeTrue();
        (await world.WriteAsync(viewer, ticket.Id, "x")).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await world.Get<ChangeTicket>().RunAsync(viewer, ticket.Id, new TicketChanges { Status = TicketStatus.Closed }, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task A_mail_among_staff_is_in_no_customer_s_list_of_mails()
    {
        var ticket = await world.OpenAsync("Only for staff's eyes");
        await world.DeliverAsync();

        var mails = await world.Get<IBillingStore>().OpenAsync(world.Owner.Scope, default);
        await using (mails)
            (await mails.Emails.CountAsync(mail => mail.Template == EmailTemplates.TicketMessage)).ShouldBe(0);
        (await world.World.ReadAsync(db => db.Emails.CountAsync(mail => mail.Template == EmailTemplates.TicketMessage && mail.Subject.Contains(ticket.Reference)))).ShouldBe(1);
    }

    [Fact]
    public async Task Staff_open_a_ticket_for_a_customer_who_is_mailed_at_the_billing_address()
    {
        var opened = await world.Get<OpenTicket>().RunAsync(world.Staff(), new OpenTicketRequest { OrganisationId = world.World.Globex.Id, Subject = "Your call", Body = "As we said." }, default);
        await world.DeliverAsync();

        opened.Value.RequesterEmail.ShouldBe("billing@globex.example.com");
        world.Mail.To("billing@globex.example.com").ShouldHaveSingleItem().Text.ShouldContain("As we said.");
    }

    [Fact]
    public void A_mail_is_safe_whatever_was_written()
    {
        var content = new TicketEmail
        {
            SellerName = "Seller", CustomerName = "Acme", Reference = "SUP-1", TicketSubject = "a\r\nBcc: x@example.com", AuthorName = "<b>me</b>", Body = "<script>alert(1)</script>\n\nsecond",
            ToCustomer = true, ViewLink = new Uri("https://billing.example.com/o/x"),
        }.Compose();

        content.Subject.ShouldNotContain("\n");
        content.Html.ShouldNotContain("<script>");
        Encoding.UTF8.GetByteCount(content.Text).ShouldBeGreaterThan(10);
        content.Text.ShouldContain("second");
    }

    private async Task<string?> MoveAsync(CallContext call, Ticket ticket, TicketStatus status)
    {
        var moved = await world.Get<ChangeTicket>().RunAsync(call, ticket.Id, new TicketChanges { Status = status }, default);
        return moved.Succeeded ? null : moved.Failure.Code;
    }

    private async Task<bool> IsNewAsync(CallContext call, Ticket ticket) =>
        (await world.Get<ListTickets>().RunAsync(call, new TicketFilter(), new ListRequest { Search = ticket.Reference }, default)).Value.Items.Single(row => row.Id == ticket.Id).IsUnread;

    private async Task<IReadOnlyList<string>> NamesAsync(TicketFilter filter, ListRequest request) =>
        [.. (await world.Get<ListTickets>().RunAsync(world.Staff(), filter, request, default)).Value.Items.Select(row => row.Subject)];

    private Task<List<string>> ActionsAsync(Guid ticketId) =>
        world.World.ReadAsync(db => db.AuditLog.Where(entry => entry.EntityId == ticketId).OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync());
}
