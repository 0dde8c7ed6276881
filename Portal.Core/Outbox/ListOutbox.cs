using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Outbox;

/// <summary>Messages that wait, were done or were given up, newest first.</summary>
public sealed class ListOutbox(IBillingStore store)
{
    /// <summary>Needs <c>system:read</c>. No search and no sort.</summary>
    public async Task<Result<PagedList<OutboxRow>>> RunAsync(CallContext call, OutboxState? state, ListRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.SystemRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var messages = db.Outbox.AsNoTracking();
        if (state is { } wanted)
        {
            messages = wanted switch
            {
                OutboxState.Waiting => messages.Where(message => message.DoneAt == null && message.DeadAt == null),
                OutboxState.Done => messages.Where(message => message.DoneAt != null),
                OutboxState.Dead => messages.Where(message => message.DeadAt != null && message.DiscardedAt == null),
                OutboxState.Discarded => messages.Where(message => message.DiscardedAt != null),
            };
        }

        int? total = request.WithTotal ? await messages.CountAsync(cancellationToken) : null;
        if (request.After is { } after)
            messages = messages.Where(message => message.Id < after);
        var rows = await messages.OrderByDescending(message => message.Id).Skip(request.Skip).Take(request.Fetch)
            .Select(message => new OutboxRow(
                message.Id, message.OrganisationId, message.Kind, message.SubjectId,
                message.DoneAt != null ? OutboxState.Done : message.DiscardedAt != null ? OutboxState.Discarded : message.DeadAt != null ? OutboxState.Dead : OutboxState.Waiting,
                message.Attempts, message.CreatedAt, message.DueAt, message.LastError,
                db.Organisations.Where(organisation => organisation.Id == message.OrganisationId).Select(organisation => organisation.Name).FirstOrDefault()))
            .ToListAsync(cancellationToken);
        return PagedList<OutboxRow>.Cut(rows, request, total);
    }
}

/// <summary>How a message stands.</summary>
public enum OutboxState
{
    Waiting,
    Done,

    /// <summary>Given up; staff can have it tried anew, or discard it.</summary>
    Dead,

    /// <summary>Given up, and staff have said that it may rest.</summary>
    Discarded,
}

/// <summary>A message in a list.</summary>
public sealed record OutboxRow(
    Guid Id, Guid? OrganisationId, string Kind, Guid SubjectId, OutboxState State, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset DueAt, string? LastError, string? OrganisationName);
