using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Outbox;

namespace Portal.Core.Support;

/// <summary>What is written to a ticket.</summary>
public sealed record TicketReply
{
    public required string Body { get; init; }

    /// <summary>True: a note among staff; nobody is mailed and no customer sees it.</summary>
    public bool IsInternal { get; init; }

    /// <summary>Where the ticket goes with it; null leaves it, save for what <see cref="TicketTransitions.AfterCustomer"/> says.</summary>
    public TicketStatus? Status { get; init; }

    public IReadOnlyList<UploadedFile> Files { get; init; } = [];
}

/// <summary>Writes to a ticket. What the other side can read goes to them by mail.</summary>
public sealed class ReplyToTicket(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>support:write</c>. Fails with <c>not_found</c>, <c>invalid</c> by field, conflict <c>ticket_closed</c> or <c>ticket_status</c>.</summary>
    public async Task<Result<TicketMessage>> RunAsync(CallContext call, Guid ticketId, TicketReply reply, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(reply);
        if (!call.May(Permissions.SupportWrite) || (reply.IsInternal && call.OrganisationId is not null))
            return Failure.Forbidden();
        var body = reply.Body.Trim();
        var files = AttachmentRules.Check(reply.Files);
        List<Failure> failures = [.. files.Failures];
        if (TicketText.Check(body) is { } unfit)
            failures.Add(unfit);
        if (failures.Count > 0)
            return failures;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Ticket>(ticketId, cancellationToken) is not { } ticket)
            return Failure.NotFound("ticket");
        if (ticket.Status == TicketStatus.Closed && !reply.IsInternal)
            return Failure.Conflict("ticket_closed", "The ticket is closed. Open a new one and mention this one.");
        var person = await TicketPerson.OfAsync(db, call, cancellationToken);
        var now = clock.GetUtcNow();
        var before = ticket.Status;
        if (!reply.IsInternal)
            ticket.Written(person.Author, now);
        if (reply.Status is { } status && status != ticket.Status)
        {
            if (ChangeTicket.Refusal(ticket.Status, status, person.Author) is { } refused)
                return refused;
            ticket.MoveTo(status, person.Author, now);
        }

        var message = TicketMessage.Write(ticket, person.Author, person.UserId, person.Name, body, reply.IsInternal, now);
        db.TicketMessages.Add(message);
        db.TicketAttachments.AddRange(files.Value.Select(file => TicketAttachment.Of(message, file, now)));
        if (!reply.IsInternal)
            db.Outbox.Add(OutboxMessage.Create(OutboxKinds.TicketMessage, message.Id, ticket.OrganisationId, now));
        await MarkTicketRead.SeeAsync(db, ticket, person.UserId, now, cancellationToken);
        // A note is no business of the customer, nor that there is one: its row belongs to the platform.
        db.Audit(call, new AuditRecord(reply.IsInternal ? "ticket.noted" : "ticket.replied", "ticket", ticket.Id, reply.IsInternal ? null : ticket.OrganisationId,
            new { Status = before }, new { ticket.Status, Files = files.Value.Count }), now);
        await db.CommitAsync(cancellationToken);
        return message;
    }
}

/// <summary>Notes up to when a person has read a ticket.</summary>
public sealed class MarkTicketRead(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>support:read</c>. What can't be noted, because a key asks or somebody was faster, is left.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, Guid ticketId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SupportRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        // The ticket first, as whoever writes to it does: two of one person never wait for each other in a circle.
        if (await db.LockAsync<Ticket>(ticketId, cancellationToken) is not { } ticket)
            return Failure.NotFound("ticket");
        await SeeAsync(db, ticket, (await TicketPerson.OfAsync(db, call, cancellationToken)).UserId, clock.GetUtcNow(), cancellationToken);
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (UniqueViolationException)
        {
            // The same person in another window.
        }

        return default(Unit);
    }

    internal static async Task SeeAsync(IBillingDb db, Ticket ticket, Guid? userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (userId is not { } reader)
            return;
        if (await db.TicketReadings.SingleOrDefaultAsync(row => row.TicketId == ticket.Id && row.UserId == reader, cancellationToken) is { } reading)
            reading.See(now);
        else
            db.TicketReadings.Add(TicketReading.Of(ticket, reader, now));
    }
}
