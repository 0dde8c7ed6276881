using Portal.Access;
using Portal.Components.Listing;
using Portal.Core.Kernel;
using Portal.Core.Support;
using Portal.Endpoints.Downloads;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>A file for a message: <paramref name="Content"/> is base64, at most 5 MiB.</summary>
internal sealed record TicketFileInput(string? FileName, byte[]? Content);

/// <summary>A new ticket. Left out: <c>question</c>, <c>normal</c>.</summary>
internal sealed record TicketInput(
    Guid? OrganisationId, string? Subject, string? Body, string? Category, string? Priority, Guid? InvoiceId, Guid? ApiKeyId, Guid? ProjectId, IReadOnlyList<TicketFileInput>? Files);

/// <summary>What is written: to the customer by mail, too, or with <paramref name="IsInternal"/> among staff. <paramref name="Status"/>: where the ticket goes with it.</summary>
internal sealed record TicketMessageInput(string? Body, bool? IsInternal, string? Status, IReadOnlyList<TicketFileInput>? Files);

/// <summary>What is to change. An <paramref name="AssigneeId"/> of zeros takes the ticket from whoever looks after it.</summary>
internal sealed record TicketChangesInput(string? Status, string? Category, string? Priority, Guid? AssigneeId);

/// <summary>A ticket of a list.</summary>
internal sealed record TicketItem(
    Guid Id, string Reference, Guid OrganisationId, string Subject, string Category, string Priority, string Status, Guid? AssigneeId, int Messages, DateTimeOffset CreatedAt, DateTimeOffset LastMessageAt);

/// <summary>A file; its bytes are at <c>/support/files/{id}</c>.</summary>
internal sealed record TicketFileBody(Guid Id, string FileName, string ContentType, int Size);

internal sealed record TicketMessageBody(Guid Id, string Author, string AuthorName, string Body, bool IsInternal, DateTimeOffset CreatedAt, IReadOnlyList<TicketFileBody> Files);

/// <summary>A ticket with everything that was written to it.</summary>
internal sealed record TicketBody(
    Guid Id, string Reference, Guid OrganisationId, string Subject, string Category, string Priority, string Status, Guid? AssigneeId, string RequesterEmail,
    Guid? InvoiceId, Guid? ApiKeyId, Guid? ProjectId, DateTimeOffset CreatedAt, DateTimeOffset LastMessageAt, DateTimeOffset? FirstResponseAt, DateTimeOffset? ResolvedAt,
    IReadOnlyList<TicketMessageBody> Messages)
{
    public static TicketBody Of(TicketDetails details) => new(
        details.Ticket.Id, details.Ticket.Reference, details.Ticket.OrganisationId, details.Ticket.Subject, ApiText.Word(details.Ticket.Category), ApiText.Word(details.Ticket.Priority),
        ApiText.Word(details.Ticket.Status), details.Ticket.AssigneeId, details.Ticket.RequesterEmail, details.Ticket.InvoiceId, details.Ticket.ApiKeyId, details.Ticket.ProjectId,
        details.Ticket.CreatedAt, details.Ticket.LastMessageAt, details.Ticket.FirstResponseAt, details.Ticket.ResolvedAt,
        [.. details.Entries.Select(entry => new TicketMessageBody(entry.Id, ApiText.Word(entry.Author), entry.AuthorName, entry.Body, entry.IsInternal, entry.CreatedAt,
            [.. entry.Files.Select(file => new TicketFileBody(file.Id, file.FileName, file.ContentType, file.Size))]))]);
}

internal static class TicketEndpoints
{
    public static void MapTickets(this RouteGroupBuilder admin)
    {
        var support = admin.MapGroup("/support").WithTags("Support");
        support.MapGet("/tickets", ListAsync).Produces<ListBody<TicketItem>>().WithSummary("List tickets, newest first");
        support.MapPost("/tickets", OpenAsync).Produces<TicketBody>(StatusCodes.Status201Created).WithSummary("Open a ticket for a customer, who gets the message by email");
        support.MapGet("/tickets/{id:guid}", GetAsync).Produces<TicketBody>().WithSummary("Read a ticket with its messages and notes");
        support.MapPatch("/tickets/{id:guid}", ChangeAsync).Produces<TicketBody>().WithSummary("Update a ticket's status, priority, category or assignee");
        support.MapPost("/tickets/{id:guid}/messages", WriteAsync).Produces<TicketBody>(StatusCodes.Status201Created).WithSummary("Reply to the customer, or add an internal note");
        support.MapGet("/files/{id:guid}", FileAsync).Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").WithSummary("Download a ticket's file");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] Paging paging, Guid? organisationId, string? status, string? priority, Guid? assigneeId, HttpContext http, ListTickets list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var filter = new TicketFilter { OrganisationId = organisationId, AssigneeId = assigneeId, Status = Choices.Parse<TicketStatus>(status), Priority = Choices.Parse<TicketPriority>(priority) };
        var failures = Unknown(("status", status, filter.Status is not null), ("priority", priority, filter.Priority is not null));
        if (failures.Count > 0)
            return failures.ToProblem();
        var page = await list.RunAsync(http.Call(), filter, request.Value, cancellationToken);
        return page.ToOk(rows => ListBody<TicketItem>.Of(rows, row => row.Id, row => new TicketItem(
            row.Id, row.Reference, row.OrganisationId, row.Subject, ApiText.Word(row.Category), ApiText.Word(row.Priority), ApiText.Word(row.Status), row.AssigneeId, row.Messages, row.CreatedAt, row.LastMessageAt)));
    }

    private static async Task<IResult> OpenAsync(TicketInput body, HttpContext http, OpenTicket open, GetTicket get, CancellationToken cancellationToken)
    {
        var (category, priority) = (Choices.Parse<TicketCategory>(body.Category ?? "question"), Choices.Parse<TicketPriority>(body.Priority ?? "normal"));
        var failures = Unknown(("category", body.Category, category is not null), ("priority", body.Priority, priority is not null));
        if (failures.Count > 0)
            return failures.ToProblem();
        var request = new OpenTicketRequest
        {
            OrganisationId = body.OrganisationId ?? Guid.Empty,
            Subject = body.Subject ?? "",
            Body = body.Body ?? "",
            Category = category!.Value,
            Priority = priority!.Value,
            About = new TicketSubjects(body.InvoiceId, body.ApiKeyId, body.ProjectId),
            Files = Files(body.Files),
        };
        var opened = await open.RunAsync(http.Call(), request, cancellationToken);
        if (!opened.Succeeded)
            return opened.Failures.ToProblem();
        return (await get.RunAsync(http.Call(), opened.Value.Id, cancellationToken)).ToCreated(details => $"{AdminApi.Root}/support/tickets/{details.Ticket.Id}", TicketBody.Of);
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, GetTicket get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), id, cancellationToken)).ToOk(TicketBody.Of);

    private static async Task<IResult> ChangeAsync(Guid id, TicketChangesInput body, HttpContext http, ChangeTicket change, GetTicket get, CancellationToken cancellationToken)
    {
        var changes = new TicketChanges
        {
            Status = Choices.Parse<TicketStatus>(body.Status),
            Category = Choices.Parse<TicketCategory>(body.Category),
            Priority = Choices.Parse<TicketPriority>(body.Priority),
            AssigneeId = body.AssigneeId,
        };
        var failures = Unknown(("status", body.Status, changes.Status is not null), ("category", body.Category, changes.Category is not null), ("priority", body.Priority, changes.Priority is not null));
        if (failures.Count > 0)
            return failures.ToProblem();
        var changed = await change.RunAsync(http.Call(), id, changes, cancellationToken);
        return changed.Succeeded ? (await get.RunAsync(http.Call(), id, cancellationToken)).ToOk(TicketBody.Of) : changed.Failures.ToProblem();
    }

    private static async Task<IResult> WriteAsync(Guid id, TicketMessageInput body, HttpContext http, ReplyToTicket reply, GetTicket get, CancellationToken cancellationToken)
    {
        var status = Choices.Parse<TicketStatus>(body.Status);
        var failures = Unknown(("status", body.Status, status is not null));
        if (failures.Count > 0)
            return failures.ToProblem();
        var written = await reply.RunAsync(http.Call(), id, new TicketReply { Body = body.Body ?? "", IsInternal = body.IsInternal ?? false, Status = status, Files = Files(body.Files) }, cancellationToken);
        if (!written.Succeeded)
            return written.Failures.ToProblem();
        return (await get.RunAsync(http.Call(), id, cancellationToken)).ToCreated(details => $"{AdminApi.Root}/support/tickets/{details.Ticket.Id}", TicketBody.Of);
    }

    private static async Task<IResult> FileAsync(Guid id, HttpContext http, GetTicketAttachment get, CancellationToken cancellationToken)
    {
        var file = await get.RunAsync(http.Call(), id, cancellationToken);
        return file.Succeeded ? TicketFiles.Of(http, file.Value) : file.Failures.ToProblem();
    }

    private static List<UploadedFile> Files(IReadOnlyList<TicketFileInput>? files) => [.. (files ?? []).Select(file => new UploadedFile(file.FileName ?? "file", file.Content ?? []))];

    // A word that was given and stands for nothing.
    private static List<Failure> Unknown(params (string Field, string? Given, bool IsKnown)[] words) =>
        [.. words.Where(word => word.Given is not null && !word.IsKnown).Select(word => Failure.Invalid(word.Field, "That is none of the words that there are."))];
}
