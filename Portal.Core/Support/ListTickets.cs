using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Support;

/// <summary>Which tickets; null leaves a fact open.</summary>
public sealed record TicketFilter
{
    public Guid? OrganisationId { get; init; }

    public TicketStatus? Status { get; init; }

    /// <summary>True: neither resolved nor closed; false: one of these.</summary>
    public bool? Unsettled { get; init; }

    public TicketCategory? Category { get; init; }

    public TicketPriority? Priority { get; init; }

    /// <summary>Who looks after it; the empty id: nobody.</summary>
    public Guid? AssigneeId { get; init; }

    /// <summary>True: something in it is new to the caller.</summary>
    public bool? Unread { get; init; }
}

/// <summary>A ticket in a list. <paramref name="AssigneeName"/> is for staff.</summary>
public sealed record TicketRow(
    Guid Id, long Number, string Subject, TicketCategory Category, TicketPriority Priority, TicketStatus Status, Guid OrganisationId, string OrganisationName,
    Guid? AssigneeId, string? AssigneeName, string OpenedByName, int Messages, bool IsUnread, DateTimeOffset CreatedAt, DateTimeOffset LastMessageAt)
{
    /// <summary>How people name it.</summary>
    public string Reference => Ticket.ReferenceOf(Number);
}

/// <summary>
/// Lists tickets, newest first; sorts by <c>number</c>, <c>subject</c>, <c>priority</c>, <c>status</c>, <c>organisation</c> or <c>updated</c>; searches number,
/// subject and, for staff, the organisation's name.
/// </summary>
public sealed class ListTickets(IBillingStore store)
{
    /// <summary>Needs <c>support:read</c>.</summary>
    public async Task<Result<PagedList<TicketRow>>> RunAsync(CallContext call, TicketFilter filter, ListRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.SupportRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var isStaff = call.OrganisationId is null;
        var reader = call.Actor.Kind == ActorKind.User ? call.Actor.Id : null;
        var rows = Filter(db.Tickets.AsNoTracking(), filter).Join(db.Organisations, ticket => ticket.OrganisationId, organisation => organisation.Id, (ticket, organisation) => new Row
        {
            Ticket = ticket,
            Organisation = organisation.Name,
            IsUnread = reader != null && db.TicketMessages.Any(message => message.TicketId == ticket.Id && (isStaff || !message.IsInternal) && message.AuthorId != reader
                && !db.TicketReadings.Any(reading => reading.TicketId == ticket.Id && reading.UserId == reader && reading.SeenAt >= message.CreatedAt)),
        });
        if (filter.Unread is { } unread)
            rows = rows.Where(row => row.IsUnread == unread);
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            var pattern = LikePattern.Containing(request.Search);
            var number = Ticket.NumberOf(request.Search);
            rows = rows.Where(row => row.Ticket.Number == number || EF.Functions.Like(row.Ticket.Subject.ToLower(), pattern, @"\") || (isStaff && EF.Functions.Like(row.Organisation.ToLower(), pattern, @"\")));
        }

        int? total = request.WithTotal ? await rows.CountAsync(cancellationToken) : null;
        rows = Sort(rows, request);
        rows = request.After is { } after ? rows.Where(row => row.Ticket.Id < after) : rows.Skip(request.Skip);
        var found = await rows.Take(request.Fetch).Select(row => new TicketRow(
            row.Ticket.Id, row.Ticket.Number, row.Ticket.Subject, row.Ticket.Category, row.Ticket.Priority, row.Ticket.Status, row.Ticket.OrganisationId, row.Organisation,
            isStaff ? row.Ticket.AssigneeId : null,
            isStaff ? db.Users.Where(user => user.Id == row.Ticket.AssigneeId).Select(user => user.DisplayName).SingleOrDefault() : null,
            row.Ticket.OpenedByName,
            db.TicketMessages.Count(message => message.TicketId == row.Ticket.Id && !message.IsInternal),
            row.IsUnread, row.Ticket.CreatedAt, row.Ticket.LastMessageAt)).ToListAsync(cancellationToken);
        return PagedList<TicketRow>.Cut(found, request, total);
    }

    private static IQueryable<Ticket> Filter(IQueryable<Ticket> tickets, TicketFilter filter)
    {
        if (filter.OrganisationId is { } organisation)
            tickets = tickets.Where(ticket => ticket.OrganisationId == organisation);
        if (filter.Status is { } status)
            tickets = tickets.Where(ticket => ticket.Status == status);
        if (filter.Unsettled is { } unsettled)
            tickets = tickets.Where(ticket => (ticket.Status != TicketStatus.Resolved && ticket.Status != TicketStatus.Closed) == unsettled);
        if (filter.Category is { } category)
            tickets = tickets.Where(ticket => ticket.Category == category);
        if (filter.Priority is { } priority)
            tickets = tickets.Where(ticket => ticket.Priority == priority);
        if (filter.AssigneeId is { } assignee)
            tickets = assignee == Guid.Empty ? tickets.Where(ticket => ticket.AssigneeId == null) : tickets.Where(ticket => ticket.AssigneeId == assignee);
        return tickets;
    }

    // Stored as words, ranked here.
    private static IQueryable<Row> Sort(IQueryable<Row> rows, ListRequest request) => (request.After is null ? request.Sort : null, request.Descending) switch
    {
        ("number", false) => rows.OrderBy(row => row.Ticket.Number),
        ("number", true) => rows.OrderByDescending(row => row.Ticket.Number),
        ("subject", false) => rows.OrderBy(row => row.Ticket.Subject).ThenBy(row => row.Ticket.Id),
        ("subject", true) => rows.OrderByDescending(row => row.Ticket.Subject).ThenByDescending(row => row.Ticket.Id),
        ("priority", false) => rows.OrderBy(row => row.Ticket.Priority == TicketPriority.Low ? 0 : row.Ticket.Priority == TicketPriority.Normal ? 1 : row.Ticket.Priority == TicketPriority.High ? 2 : 3).ThenBy(row => row.Ticket.Id),
        ("priority", true) => rows.OrderBy(row => row.Ticket.Priority == TicketPriority.Urgent ? 0 : row.Ticket.Priority == TicketPriority.High ? 1 : row.Ticket.Priority == TicketPriority.Normal ? 2 : 3).ThenByDescending(row => row.Ticket.Id),
        ("status", false) => rows.OrderBy(row => row.Ticket.Status).ThenBy(row => row.Ticket.Id),
        ("status", true) => rows.OrderByDescending(row => row.Ticket.Status).ThenByDescending(row => row.Ticket.Id),
        ("organisation", false) => rows.OrderBy(row => row.Organisation).ThenBy(row => row.Ticket.Id),
        ("organisation", true) => rows.OrderByDescending(row => row.Organisation).ThenByDescending(row => row.Ticket.Id),
        ("updated", false) => rows.OrderBy(row => row.Ticket.LastMessageAt).ThenBy(row => row.Ticket.Id),
        ("updated", true) => rows.OrderByDescending(row => row.Ticket.LastMessageAt).ThenByDescending(row => row.Ticket.Id),
        _ => rows.OrderByDescending(row => row.Ticket.Id),
    };

    private sealed class Row
    {
        public required Ticket Ticket { get; init; }

        public required string Organisation { get; init; }

        public required bool IsUnread { get; init; }
    }
}
