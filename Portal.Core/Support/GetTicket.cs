using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Support;

/// <summary>A file of a message, without its bytes.</summary>
public sealed record TicketFile(Guid Id, string FileName, string ContentType, int Size);

/// <summary>A message with its files.</summary>
public sealed record TicketEntry(Guid Id, TicketAuthor Author, Guid? AuthorId, string AuthorName, string Body, bool IsInternal, DateTimeOffset CreatedAt, IReadOnlyList<TicketFile> Files);

/// <summary>A ticket as a page shows it. What the caller may not read besides is left out.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="OrganisationName">Whose it is.</param>
/// <param name="AssigneeName">Who looks after it; for staff.</param>
/// <param name="InvoiceNumber">Of the invoice that it is about.</param>
/// <param name="ApiKeyPrefix">Of the key that it is about.</param>
/// <param name="ApiKeyProjectId">Where that key is listed.</param>
/// <param name="ProjectName">Of the project that it is about.</param>
/// <param name="Entries">The messages, the oldest first; notes for staff only.</param>
public sealed record TicketDetails(
    Ticket Ticket, string OrganisationName, string? AssigneeName, string? InvoiceNumber, string? ApiKeyPrefix, Guid? ApiKeyProjectId, string? ProjectName, IReadOnlyList<TicketEntry> Entries);

/// <summary>Reads a ticket with everything that was written to it.</summary>
public sealed class GetTicket(IBillingStore store)
{
    private const int MostMessages = 1000;

    /// <summary>The ticket that a message was written to. Needs <c>support:read</c>.</summary>
    public async Task<Result<Guid>> OfMessageAsync(CallContext call, Guid messageId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SupportRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var ticket = await db.TicketMessages.Where(row => row.Id == messageId && (call.OrganisationId == null || !row.IsInternal)).Select(row => (Guid?)row.TicketId).SingleOrDefaultAsync(cancellationToken);
        return ticket is { } found ? found : Failure.NotFound("message");
    }

    /// <summary>Needs <c>support:read</c>.</summary>
    public async Task<Result<TicketDetails>> RunAsync(CallContext call, Guid ticketId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SupportRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.Tickets.AsNoTracking().SingleOrDefaultAsync(row => row.Id == ticketId, cancellationToken) is not { } ticket)
            return Failure.NotFound("ticket");
        var isStaff = call.OrganisationId is null;
        var messages = await db.TicketMessages.AsNoTracking().Where(row => row.TicketId == ticketId && (isStaff || !row.IsInternal))
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).Take(MostMessages).ToListAsync(cancellationToken);
        var ids = messages.Select(message => message.Id).ToList();
        var files = (await db.TicketAttachments.Where(row => ids.Contains(row.MessageId)).OrderBy(row => row.FileName)
            .Select(row => new { row.MessageId, File = new TicketFile(row.Id, row.FileName, row.ContentType, row.Size) }).ToListAsync(cancellationToken)).ToLookup(row => row.MessageId, row => row.File);
        var key = call.May(Permissions.KeysRead) && ticket.ApiKeyId is { } keyId
            ? await db.ApiKeys.Where(row => row.Id == keyId).Select(row => new { row.Prefix, row.ProjectId }).SingleOrDefaultAsync(cancellationToken)
            : null;
        return new TicketDetails(
            ticket,
            await db.Organisations.Where(row => row.Id == ticket.OrganisationId).Select(row => row.Name).SingleAsync(cancellationToken),
            isStaff && ticket.AssigneeId is { } assignee ? await db.Users.Where(row => row.Id == assignee).Select(row => row.DisplayName).SingleOrDefaultAsync(cancellationToken) : null,
            call.May(Permissions.InvoicesRead) && ticket.InvoiceId is { } invoice ? await db.Invoices.Where(row => row.Id == invoice).Select(row => row.Number).SingleOrDefaultAsync(cancellationToken) : null,
            key?.Prefix,
            key?.ProjectId,
            call.May(Permissions.ProjectsRead) && ticket.ProjectId is { } project ? await db.Projects.Where(row => row.Id == project).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken) : null,
            [.. messages.Select(message => new TicketEntry(message.Id, message.Author, message.AuthorId, message.AuthorName, message.Body, message.IsInternal, message.CreatedAt, [.. files[message.Id]]))]);
    }
}

/// <summary>Reads a file of a ticket with its bytes.</summary>
public sealed class GetTicketAttachment(IBillingStore store)
{
    /// <summary>Needs <c>support:read</c>. A file of a note is for staff alone.</summary>
    public async Task<Result<TicketAttachment>> RunAsync(CallContext call, Guid attachmentId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SupportRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var isStaff = call.OrganisationId is null;
        return await db.TicketAttachments.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == attachmentId && (isStaff || db.TicketMessages.Any(message => message.Id == row.MessageId && !message.IsInternal)), cancellationToken) is { } file
            ? file
            : Failure.NotFound("file");
    }
}

/// <summary>What a customer can tie a ticket to, the newest first.</summary>
/// <param name="Invoices">Id and number of issued invoices.</param>
/// <param name="ApiKeys">Id, and name with prefix, of keys.</param>
/// <param name="Projects">Id and name of projects.</param>
public sealed record TicketChoices(IReadOnlyList<(Guid Id, string Name)> Invoices, IReadOnlyList<(Guid Id, string Name)> ApiKeys, IReadOnlyList<(Guid Id, string Name)> Projects);

/// <summary>Lists what a ticket of an organisation can be tied to, as far as the caller may read it.</summary>
public sealed class ListTicketChoices(IBillingStore store)
{
    private const int Most = 50;

    /// <summary>Needs <c>support:write</c>.</summary>
    public async Task<Result<TicketChoices>> RunAsync(CallContext call, Guid organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SupportWrite))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var invoices = call.May(Permissions.InvoicesRead)
            ? await db.Invoices.Where(row => row.OrganisationId == organisationId && row.Number != null).OrderByDescending(row => row.Id).Take(Most).Select(row => new Choice(row.Id, row.Number!)).ToListAsync(cancellationToken)
            : [];
        var keys = call.May(Permissions.KeysRead)
            ? await db.ApiKeys.Where(row => row.OrganisationId == organisationId).OrderByDescending(row => row.Id).Take(Most).Select(row => new Choice(row.Id, row.Name + " (" + row.Prefix + ")")).ToListAsync(cancellationToken)
            : [];
        var projects = call.May(Permissions.ProjectsRead)
            ? await db.Projects.Where(row => row.OrganisationId == organisationId).OrderBy(row => row.Name).Take(Most).Select(row => new Choice(row.Id, row.Name)).ToListAsync(cancellationToken)
            : [];
        return new TicketChoices(Pairs(invoices), Pairs(keys), Pairs(projects));
    }

    private static List<(Guid, string)> Pairs(List<Choice> choices) => [.. choices.Select(choice => (choice.Id, choice.Name))];

    private sealed record Choice(Guid Id, string Name);
}
