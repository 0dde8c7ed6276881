using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Payments;

/// <summary>How a provider's event stands.</summary>
public enum ProviderEventState
{
    Waiting,
    Processed,

    /// <summary>Given up; staff can have it tried anew.</summary>
    Dead,
}

/// <summary>A provider's event in a list; without its body.</summary>
public sealed record ProviderEventRow(Guid Id, string EventId, string Type, ProviderEventState State, int Attempts, DateTimeOffset ReceivedAt, DateTimeOffset DueAt, string? Error, string? Note);

/// <summary>The provider's events, newest first. Searches event id and type.</summary>
public sealed class ListProviderEvents(IBillingStore store)
{
    /// <summary>Needs <c>system:read</c>, as staff.</summary>
    public async Task<Result<PagedList<ProviderEventRow>>> RunAsync(CallContext call, ProviderEventState? state, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.SystemRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var events = db.ProviderEvents.AsNoTracking();
        if (state is { } wanted)
        {
            events = wanted switch
            {
                ProviderEventState.Waiting => events.Where(row => row.ProcessedAt == null && row.DeadAt == null),
                ProviderEventState.Processed => events.Where(row => row.ProcessedAt != null),
                ProviderEventState.Dead => events.Where(row => row.DeadAt != null),
            };
        }

        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var pattern = LikePattern.Containing(list.Search);
            events = events.Where(row => EF.Functions.Like(row.EventId.ToLower(), pattern, @"\") || EF.Functions.Like(row.Type.ToLower(), pattern, @"\"));
        }

        int? total = list.WithTotal ? await events.CountAsync(cancellationToken) : null;
        var rows = await events.OrderByDescending(row => row.Id).Skip(list.Skip).Take(list.Fetch)
            .Select(row => new ProviderEventRow(
                row.Id, row.EventId, row.Type, row.ProcessedAt != null ? ProviderEventState.Processed : row.DeadAt != null ? ProviderEventState.Dead : ProviderEventState.Waiting,
                row.Attempts, row.ReceivedAt, row.DueAt, row.Error, row.Note))
            .ToListAsync(cancellationToken);
        return PagedList<ProviderEventRow>.Cut(rows, list, total);
    }
}

/// <summary>Has an event of the provider that was given up tried anew.</summary>
public sealed class RetryProviderEvent(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>payments:record</c>, as staff. Conflict <c>event_not_dead</c>. Trying twice does no harm: events are idempotent.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PaymentsRecord) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<ProviderEvent>(id, cancellationToken) is not { } stored)
            return Failure.NotFound("event");
        if (stored.DeadAt is null)
            return Failure.Conflict("event_not_dead", "The event is still being retried, or is done.");
        var before = new { stored.Attempts, stored.Error };
        stored.TryAgain(now);
        db.Audit(call, new AuditRecord("provider_event.retried", "provider_event", id, null, before, new { stored.EventId, stored.Type }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
