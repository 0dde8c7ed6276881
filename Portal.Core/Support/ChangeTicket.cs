using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Support;

/// <summary>What is to change; null leaves a fact as it is.</summary>
public sealed record TicketChanges
{
    public TicketStatus? Status { get; init; }

    public TicketCategory? Category { get; init; }

    public TicketPriority? Priority { get; init; }

    /// <summary>Who looks after it; the empty id takes it from whoever does.</summary>
    public Guid? AssigneeId { get; init; }
}

/// <summary>Sorts and moves a ticket. Staff change everything; the customer takes it to resolved, closed and back.</summary>
public sealed class ChangeTicket(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>support:write</c>. Fails with <c>not_found</c>, <c>invalid</c> for the assignee, conflict <c>ticket_status</c>.</summary>
    public async Task<Result<Ticket>> RunAsync(CallContext call, Guid ticketId, TicketChanges changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(changes);
        if (!call.May(Permissions.SupportWrite))
            return Failure.Forbidden();
        var author = call.OrganisationId is null ? TicketAuthor.Staff : TicketAuthor.Customer;
        if (author == TicketAuthor.Customer && changes != new TicketChanges { Status = changes.Status })
            return Failure.Forbidden("Only staff can change tickets.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Ticket>(ticketId, cancellationToken) is not { } ticket)
            return Failure.NotFound("ticket");
        if (changes.AssigneeId is { } agent && agent != Guid.Empty && !await ListTicketAgents.Agents(db).AnyAsync(row => row.Id == agent, cancellationToken))
            return Failure.Invalid("assigneeId", "Choose a staff member who can answer tickets.");
        var now = clock.GetUtcNow();
        var before = (ticket.Status, ticket.Category, ticket.Priority, ticket.AssigneeId);
        if (changes.Status is { } status && status != ticket.Status)
        {
            if (Refusal(ticket.Status, status, author) is { } refused)
                return refused;
            ticket.MoveTo(status, author, now);
            db.Audit(call, new AuditRecord("ticket.status_changed", "ticket", ticket.Id, ticket.OrganisationId, new { before.Status }, new { ticket.Status }), now);
        }

        var assignee = changes.AssigneeId is { } given ? (given == Guid.Empty ? null : given) : ticket.AssigneeId;
        var sorted = (changes.Category ?? ticket.Category, changes.Priority ?? ticket.Priority, assignee);
        if (sorted != (before.Category, before.Priority, before.AssigneeId))
        {
            ticket.Sort(sorted.Item1, sorted.Item2, sorted.assignee, now);
            // How staff share the work is theirs: the row belongs to the platform.
            db.Audit(call, new AuditRecord("ticket.sorted", "ticket", ticket.Id, null,
                new { before.Category, before.Priority, before.AssigneeId }, new { ticket.Category, ticket.Priority, ticket.AssigneeId }), now);
        }

        await db.CommitAsync(cancellationToken);
        return ticket;
    }

    /// <summary>Why a ticket can't go there; null when it can.</summary>
    internal static Failure? Refusal(TicketStatus from, TicketStatus to, TicketAuthor author) =>
        (author == TicketAuthor.Staff ? TicketTransitions.ForStaff(from) : TicketTransitions.ForCustomer(from)).Contains(to)
            ? null
            : Failure.Conflict("ticket_status", from == TicketStatus.Closed ? "A closed ticket stays closed. Open a new one." : "The ticket's status has changed. Reload it and try again.");
}
