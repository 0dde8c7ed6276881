using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Outbox;

namespace Portal.Core.Emails;

/// <summary>Sends a mail again that was sent or has failed, to where the organisation's bills go now, or to the person that it was written to.</summary>
public sealed class ResendEmail(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>invoices:issue</c>, as staff. Conflict <c>email_pending</c> while it is under way, <c>for_one_person</c> for a mail with a link that signs in or changes who may.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, Guid emailId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesIssue) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<EmailNotification>(emailId, cancellationToken) is not { } mail)
            return Failure.NotFound("mail");
        if (EmailTemplates.OutboxKindOf(mail.Template) is not { } kind)
            return Failure.Conflict("for_one_person", "This email contains a personal link and can't be resent. Request a new one instead.");
        if (mail.Status == EmailStatus.Pending)
            return Failure.Conflict("email_pending", "The email is already on its way.");
        var recipient = !EmailTemplates.IsForBilling(mail.Template) ? mail.Recipient : await db.Organisations.Where(row => row.Id == mail.OrganisationId).Select(row => row.BillingEmail).SingleOrDefaultAsync(cancellationToken) ?? mail.Recipient;
        var before = new { mail.Status, mail.Recipient };
        mail.SendAgain(recipient);
        db.Outbox.Add(OutboxMessage.Create(kind, mail.SubjectId, mail.OrganisationId, now));
        db.Audit(call, new AuditRecord("email.resent", "email", mail.Id, mail.OrganisationId, before, new { mail.Status, mail.Recipient, mail.Template }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
