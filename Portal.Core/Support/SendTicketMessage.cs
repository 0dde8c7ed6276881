using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Emails;
using Portal.Core.Kernel;
using Portal.Core.Outbox;
using Portal.Core.Settings;

namespace Portal.Core.Support;

/// <summary>Mails what was written to a ticket: staff's words to the customer who asked, the customer's to whoever looks after it, else to the seller's own address.</summary>
public sealed class SendTicketMessage(IBillingStore store, SendEmail send, IPortalLinks links) : IOutboxHandler
{
    private static readonly CallContext s_call = CallContext.System("outbox", "mails of every organisation leave from one place");

    public string Kind => OutboxKinds.TicketMessage;

    public async Task<OutboxOutcome> HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var found = await ReadAsync(message.SubjectId, cancellationToken);
        if (found is null)
            return new OutboxOutcome.Hopeless("There is no such message.");
        // Nobody to tell: staff find it in their list.
        if (found.Recipient is not { Length: > 0 } recipient)
            return new OutboxOutcome.Done();
        var toCustomer = found.Written.Author == TicketAuthor.Staff;
        // A mail among staff names no organisation as its owner: no customer reads it in a list of mails.
        return await send.RunAsync(s_call, new EmailRequest(TemplateOf(found.Written.Author), found.Written.Id, toCustomer ? found.Ticket.OrganisationId : null, recipient,
            Compose(found, toCustomer), toCustomer ? SendInvoiceIssued.ReplyTo(found.Seller) : null, []), cancellationToken);
    }

    public async Task GivenUpAsync(OutboxMessage message, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        foreach (var template in new[] { EmailTemplates.TicketReply, EmailTemplates.TicketMessage })
            await send.GiveUpAsync(s_call, template, message.SubjectId, reason, cancellationToken);
    }

    private static string TemplateOf(TicketAuthor author) => author switch
    {
        TicketAuthor.Staff => EmailTemplates.TicketReply,
        TicketAuthor.Customer => EmailTemplates.TicketMessage,
    };

    private EmailContent Compose(Found found, bool toCustomer) => new TicketEmail
    {
        SellerName = found.Seller.LegalName is { Length: > 0 } name ? name : "Billing Portal",
        CustomerName = found.CustomerName,
        Reference = found.Ticket.Reference,
        TicketSubject = found.Ticket.Subject,
        AuthorName = found.Written.AuthorName,
        Body = found.Written.Body,
        Files = found.Files,
        ToCustomer = toCustomer,
        IsFirst = found.Written.CreatedAt == found.Ticket.CreatedAt,
        ViewLink = toCustomer ? links.Ticket(found.Ticket.OrganisationId, found.Ticket.Id) : links.StaffTicket(found.Ticket.Id),
    }.Compose();

    private async Task<Found?> ReadAsync(Guid messageId, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_call.Scope, cancellationToken);
        // Never a note: nothing asks for its mail, and if something did, it would find none.
        if (await db.TicketMessages.AsNoTracking().SingleOrDefaultAsync(row => row.Id == messageId && !row.IsInternal, cancellationToken) is not { } message)
            return null;
        var ticket = await db.Tickets.AsNoTracking().SingleAsync(row => row.Id == message.TicketId, cancellationToken);
        var seller = (await db.PlatformSettingsAsync(cancellationToken)).Seller;
        var agent = ticket.AssigneeId is { } assignee ? await db.Users.Where(row => row.Id == assignee && row.IsActive).Select(row => row.Email).SingleOrDefaultAsync(cancellationToken) : null;
        return new Found(
            message,
            ticket,
            await db.Organisations.Where(row => row.Id == ticket.OrganisationId).Select(row => row.Name).SingleAsync(cancellationToken),
            await db.TicketAttachments.CountAsync(row => row.MessageId == message.Id, cancellationToken),
            message.Author == TicketAuthor.Staff ? ticket.RequesterEmail : agent ?? seller.Email,
            seller);
    }

    private sealed record Found(TicketMessage Written, Ticket Ticket, string CustomerName, int Files, string? Recipient, SellerProfile Seller);
}
