using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Emails;
using Portal.Core.Kernel;

namespace Portal.Core.Outbox;

/// <summary>Has a message that was given up tried anew.</summary>
public sealed class RetryOutboxMessage(IBillingStore store, TimeProvider clock)
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
        message.TryAgain(now);
        // Its mail was given up with it.
        foreach (var mail in await db.Emails.Where(row => row.SubjectId == message.SubjectId && row.Status == EmailStatus.Failed).ToListAsync(cancellationToken))
        {
            if (EmailTemplates.OutboxKindOf(mail.Template) == message.Kind)
                mail.SendAgain(mail.Recipient);
        }

        db.Audit(call, new AuditRecord("outbox.retried", "outbox", message.Id, message.OrganisationId, null, new { message.Kind, message.SubjectId }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
