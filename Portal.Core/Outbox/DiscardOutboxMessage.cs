using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Outbox;

/// <summary>Lets a message rest that was given up and is of no use any more, such as a mail to an address that is gone.</summary>
public sealed class DiscardOutboxMessage(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>invoices:issue</c>, as staff. Conflict <c>outbox_not_dead</c>.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, Guid messageId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesIssue) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<OutboxMessage>(messageId, cancellationToken) is not { } message)
            return Failure.NotFound("message");
        if (message.DeadAt is null || message.DiscardedAt is not null)
            return Failure.Conflict("outbox_not_dead", "The message is still being retried, is done, or was discarded.");
        message.Discard(now);
        db.Audit(call, new AuditRecord("outbox.discarded", "outbox", message.Id, message.OrganisationId, new { message.Attempts, message.LastError }, new { message.Kind, message.SubjectId }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
