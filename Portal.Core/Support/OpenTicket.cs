using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Outbox;

namespace Portal.Core.Support;

/// <summary>What somebody asks.</summary>
public sealed record OpenTicketRequest
{
    public required Guid OrganisationId { get; init; }

    public required string Subject { get; init; }

    /// <summary>The first message.</summary>
    public required string Body { get; init; }

    public TicketCategory Category { get; init; } = TicketCategory.Question;

    public TicketPriority Priority { get; init; } = TicketPriority.Normal;

    public TicketSubjects About { get; init; } = TicketSubjects.None;

    public IReadOnlyList<UploadedFile> Files { get; init; } = [];
}

/// <summary>Opens a ticket: a customer's own, or by staff for a customer, who then gets the first message by mail.</summary>
public sealed class OpenTicket(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>support:write</c>. Fails with <c>not_found</c> for the organisation, or <c>invalid</c> by field.</summary>
    public async Task<Result<Ticket>> RunAsync(CallContext call, OpenTicketRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.SupportWrite))
            return Failure.Forbidden();
        var (subject, body) = (request.Subject.Trim(), request.Body.Trim());
        var failures = new List<Failure>();
        if (subject.Length is 0 or > Ticket.MaxSubject || subject.Any(char.IsControl))
            failures.Add(Failure.Invalid("subject", $"Enter one line of 1 to {Ticket.MaxSubject} characters."));
        if (TicketText.Check(body) is { } unfit)
            failures.Add(unfit);
        var files = AttachmentRules.Check(request.Files);
        failures.AddRange(files.Failures);
        if (failures.Count > 0)
            return failures;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.Organisations.Where(row => row.Id == request.OrganisationId).Select(row => row.BillingEmail).SingleOrDefaultAsync(cancellationToken) is not { } billingEmail)
            return Failure.NotFound("organisation");
        if (await TicketLinks.CheckAsync(db, request.OrganisationId, request.About, cancellationToken) is { Count: > 0 } strange)
            return strange;
        var person = await TicketPerson.OfAsync(db, call, cancellationToken);
        var now = clock.GetUtcNow();
        var requester = person.Author == TicketAuthor.Customer && person.Email is { } own ? own : billingEmail;
        var ticket = Ticket.Open(new TicketFacts(request.OrganisationId, subject, request.Category, request.Priority, request.About, person.UserId, person.Name, requester), now);
        db.Tickets.Add(ticket);
        await db.SaveAsync(cancellationToken);
        var message = TicketMessage.Write(ticket, person.Author, person.UserId, person.Name, body, isInternal: false, now);
        db.TicketMessages.Add(message);
        db.TicketAttachments.AddRange(files.Value.Select(file => TicketAttachment.Of(message, file, now)));
        if (person.UserId is { } reader)
            db.TicketReadings.Add(TicketReading.Of(ticket, reader, now));
        db.Outbox.Add(OutboxMessage.Create(OutboxKinds.TicketMessage, message.Id, ticket.OrganisationId, now));
        db.Audit(call, new AuditRecord("ticket.opened", "ticket", ticket.Id, ticket.OrganisationId, After: new { ticket.Reference, ticket.Subject, ticket.Category, ticket.Priority, Files = files.Value.Count }), now);
        await db.CommitAsync(cancellationToken);
        return ticket;
    }
}

/// <summary>What people write.</summary>
internal static class TicketText
{
    /// <summary>What is wrong with a message; null when nothing is.</summary>
    public static Failure? Check(string body) => body.Length is 0 or > TicketMessage.MaxBody ? Failure.Invalid("body", $"Write 1 to {TicketMessage.MaxBody:N0} characters.") : null;
}

/// <summary>What a ticket is tied to.</summary>
internal static class TicketLinks
{
    /// <summary>What is not the organisation's, by field; empty when all is.</summary>
    public static async Task<List<Failure>> CheckAsync(IBillingDb db, Guid organisationId, TicketSubjects about, CancellationToken cancellationToken)
    {
        var failures = new List<Failure>();
        if (about.InvoiceId is { } invoice && !await db.Invoices.AnyAsync(row => row.Id == invoice && row.OrganisationId == organisationId && row.Number != null, cancellationToken))
            failures.Add(Failure.Invalid("invoiceId", "Choose one of the organisation's issued invoices."));
        if (about.ApiKeyId is { } key && !await db.ApiKeys.AnyAsync(row => row.Id == key && row.OrganisationId == organisationId, cancellationToken))
            failures.Add(Failure.Invalid("apiKeyId", "Choose one of the organisation's keys."));
        if (about.ProjectId is { } project && !await db.Projects.AnyAsync(row => row.Id == project && row.OrganisationId == organisationId, cancellationToken))
            failures.Add(Failure.Invalid("projectId", "Choose one of the organisation's projects."));
        return failures;
    }
}
