using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Support;

namespace Portal.Demo;

/// <summary>What the demo's customers asked, and what they were answered.</summary>
internal sealed class DemoTickets(DemoActions actions, ListInvoices invoices)
{
    private const string Us = "staff";
    private const string Them = "customer";
    private const string Note = "note";

    private static readonly CallContext s_call = CallContext.System("demo", "Makes the demo");

    private static readonly Thread[] s_threads =
    [
        new(0, 0.3, TicketCategory.Billing, TicketPriority.High, true, "The amount on our last invoice looks too high",
            [(Them, "The API calls are up by a third against the month before, but our traffic is not. Can you tell which day it comes from?")]),
        new(0, 4, TicketCategory.Technical, TicketPriority.Normal, false, "429 when we send our nightly batch",
            [(Them, "Around 02:00 we get 429 for a few minutes. Is there a limit on the key?"), (Us, "Yes, the key has an hourly limit. The answer's Retry-After says how long to wait; or you raise the limit in Projects and keys."),
             (Note, "Their collector sends one event per request. Batches of 1,000 would end this.")]),
        new(0, 32, TicketCategory.Account, TicketPriority.Low, false, "Add a second billing contact",
            [(Them, "Invoices should reach two of us. How do we set that up?"), (Us, "A shared mailbox as the billing address works best; you can change it in Settings."), (Them, "Done, thank you.")], TicketStatus.Resolved),
        new(3, 0.8, TicketCategory.Billing, TicketPriority.Urgent, true, "Payment is booked at our bank but the invoice says overdue",
            [(Us, "You wrote to us by mail that the transfer went out. Please send us its reference, then we can find it.")]),
        new(6, 2, TicketCategory.Technical, TicketPriority.Normal, false, "Exports are not on our invoice",
            [(Us, "Your collector sends a metric named exports that no price covers yet. We do not bill it. Do you want it on the invoice?"), (Note, "Unpriced since the beginning. Sales to decide.")]),
        new(9, 11, TicketCategory.Account, TicketPriority.Normal, false, "Closing the account",
            [(Us, "As you asked we closed the account. What was used until then is on your last invoice.")], TicketStatus.Closed),
        new(14, 6, TicketCategory.Question, TicketPriority.Normal, false, "How is storage counted?",
            [(Us, "By gigabyte and day: one gigabyte kept for thirty days is thirty gb_day.")], TicketStatus.Resolved),
        new(18, 1.5, TicketCategory.Billing, TicketPriority.Normal, true, "VAT number on the invoice", [(Us, "We need your VAT number to print it. You can enter it in Settings, next to the address.")]),
        new(20, 19, TicketCategory.Technical, TicketPriority.High, false, "Duplicate events after a restart",
            [(Us, "Two of your collectors sent the same hour. With an idempotency key on every event the second is counted once.")], TicketStatus.Resolved),
        new(28, 0.6, TicketCategory.Question, TicketPriority.Normal, false, "Invoices without decimals", [(Us, "Yen has no minor unit, so every line is rounded to whole yen. That is right as it is.")]),
        new(33, 8, TicketCategory.Other, TicketPriority.Low, false, "Data export for your audit", [(Us, "The list of invoices has an export as CSV above it. Does that serve your auditors?")]),
        new(36, 3, TicketCategory.Billing, TicketPriority.Normal, true, "Three decimals on the total", [(Us, "The dinar has a thousand fils, so amounts have three decimals.")], TicketStatus.Resolved),
    ];

    /// <summary>Acme's owner writes for themselves; for the others staff do.</summary>
    public async Task MakeAsync(IReadOnlyList<DemoCustomer> customers, DemoPeople people, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var staff = new CallContext(new Actor(ActorKind.User, people.AdminId, "admin@example.com"), new AccessScope.Staff(), s_all, "demo");
        var owner = new CallContext(new Actor(ActorKind.User, people.OwnerId, "owner@acme.example.com"), new AccessScope.Organisation(customers[0].OrganisationId), s_all, "demo");
        foreach (var thread in s_threads.Where(thread => thread.Customer < customers.Count).OrderByDescending(thread => thread.DaysAgo))
            await MakeAsync(thread, customers[thread.Customer], staff, owner, people.AdminId, now, cancellationToken);
    }

    private static readonly HashSet<string> s_all = [.. Permissions.All];

    private async Task MakeAsync(Thread thread, DemoCustomer customer, CallContext staff, CallContext owner, Guid agent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var at = now.AddDays(-thread.DaysAgo);
        actions.Clock.Now = at;
        var open = thread.AboutInvoice
            ? (await invoices.RunAsync(s_call, new InvoiceFilter { OrganisationId = customer.OrganisationId, Open = true }, new ListRequest { Take = 1 }, cancellationToken)).Expect().Items
            : [];
        var request = new OpenTicketRequest
        {
            OrganisationId = customer.OrganisationId,
            Subject = thread.Subject,
            Body = thread.Messages[0].Body,
            Category = thread.Category,
            Priority = thread.Priority,
            About = new TicketSubjects(open.Count > 0 ? open[0].Id : null, thread.Category == TicketCategory.Technical ? customer.KeyId : null, thread.Category == TicketCategory.Technical ? customer.ProjectId : null),
        };
        var ticket = (await actions.Get<OpenTicket>().RunAsync(thread.Messages[0].By == Them ? owner : staff, request, cancellationToken)).Expect();
        foreach (var (by, body) in thread.Messages.Skip(1))
        {
            actions.Clock.Now = at = at.AddHours(1.4);
            var reply = new TicketReply { Body = body, IsInternal = by == Note, Status = by == Us ? TicketStatus.WaitingOnCustomer : null };
            (await actions.Get<ReplyToTicket>().RunAsync(by == Them ? owner : staff, ticket.Id, reply, cancellationToken)).Expect();
        }

        actions.Clock.Now = at.AddMinutes(9);
        var changes = new TicketChanges { AssigneeId = thread.DaysAgo > 1 ? agent : null, Status = thread.End };
        (await actions.Get<ChangeTicket>().RunAsync(staff, ticket.Id, changes, cancellationToken)).Expect();
    }

    private sealed record Thread(
        int Customer, double DaysAgo, TicketCategory Category, TicketPriority Priority, bool AboutInvoice, string Subject, (string By, string Body)[] Messages, TicketStatus? End = null);
}
