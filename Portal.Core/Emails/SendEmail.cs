using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Outbox;

namespace Portal.Core.Emails;

/// <summary>
/// Sends one mail and keeps its outcome: one row per template and subject, and no further attempt once it is sent or failed for good. Between the
/// server's answer and our note of it nothing can be undone; if the process ends there, the next attempt carries the same Message-ID.
/// </summary>
public sealed class SendEmail(IBillingStore store, IEmailTransport transport, TimeProvider clock)
{
    /// <summary>Called from the outbox, whose lease keeps others from the same mail.</summary>
    public async Task<OutboxOutcome> RunAsync(CallContext call, EmailRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        var mail = await RowAsync(call, request, cancellationToken);
        if (mail.Status != EmailStatus.Pending)
            return new OutboxOutcome.Done();
        if (!EmailAddress.IsValid(mail.Recipient))
        {
            await StoreAsync(call, mail.Id, row => row.MarkFailed("The recipient is not an email address."));
            return new OutboxOutcome.Done();
        }

        var message = request.Content.To(MessageIdOf(mail), new EmailAddress(mail.Recipient), request.ReplyTo, [.. request.Attachments]);
        var outcome = await transport.SendAsync(message, cancellationToken);
        var why = outcome.Detail ?? outcome.Kind.ToString();
        switch (outcome.Kind)
        {
            case EmailOutcomeKind.Sent:
                await StoreAsync(call, mail.Id, row => row.MarkSent(outcome.MessageId, clock.GetUtcNow()));
                return new OutboxOutcome.Done();
            case EmailOutcomeKind.FailedForGood:
                await StoreAsync(call, mail.Id, row => row.MarkFailed(why));
                return new OutboxOutcome.Done(); // The row says that it failed; staff can send it again.
            case EmailOutcomeKind.FailedForNow:
                await StoreAsync(call, mail.Id, row => row.NotSent(why));
                return new OutboxOutcome.Failed(why);
            default:
                throw new InvalidOperationException($"{outcome.Kind} is not known.");
        }
    }

    /// <summary>True when the mail was sent or failed for good, so that there is no need to make its attachments.</summary>
    public async Task<bool> IsSettledAsync(CallContext call, string template, Guid subjectId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await db.Emails.AnyAsync(row => row.SubjectId == subjectId && row.Template == template && row.Status != EmailStatus.Pending, cancellationToken);
    }

    /// <summary>Ends a mail that is no longer tried.</summary>
    public async Task GiveUpAsync(CallContext call, string template, Guid subjectId, string why, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.Emails.SingleOrDefaultAsync(row => row.SubjectId == subjectId && row.Template == template && row.Status == EmailStatus.Pending, cancellationToken) is { } mail)
        {
            mail.MarkFailed(why);
            await db.CommitAsync(cancellationToken);
        }
    }

    private async Task<EmailNotification> RowAsync(CallContext call, EmailRequest request, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round++)
        {
            await using var db = await store.OpenAsync(call.Scope, cancellationToken);
            if (await db.Emails.AsNoTracking().SingleOrDefaultAsync(row => row.SubjectId == request.SubjectId && row.Template == request.Template, cancellationToken) is { } known)
                return known;
            var mail = EmailNotification.Create(request.Template, request.SubjectId, request.OrganisationId, request.Recipient, request.Content.Subject, clock.GetUtcNow());
            db.Emails.Add(mail);
            try
            {
                await db.CommitAsync(cancellationToken);
                return mail;
            }
            catch (UniqueViolationException) when (round == 0)
            {
                // Written by another message about the same thing: take that row.
            }
        }
    }

    private async Task StoreAsync(CallContext call, Guid id, Action<EmailNotification> change)
    {
        // Not the caller's token: the mail has left.
        await using var db = await store.OpenAsync(call.Scope, CancellationToken.None);
        if (await db.LockAsync<EmailNotification>(id, CancellationToken.None) is { Status: EmailStatus.Pending } mail)
        {
            change(mail);
            await db.CommitAsync(CancellationToken.None);
        }
    }

    // The row's own id; each time that staff ask for it again another one, made of it.
    private static Guid MessageIdOf(EmailNotification mail)
    {
        if (mail.Resends == 0)
            return mail.Id;
        Span<byte> seed = stackalloc byte[20];
        mail.Id.TryWriteBytes(seed);
        BitConverter.TryWriteBytes(seed[16..], mail.Resends);
        return new Guid(SHA256.HashData(seed).AsSpan(0, 16));
    }
}

/// <summary>A mail that is to be sent once.</summary>
/// <param name="Template">One of <see cref="EmailTemplates"/>.</param>
/// <param name="SubjectId">The invoice, payment or other thing that it is about.</param>
/// <param name="OrganisationId">Whose mail; null for what belongs to a person or the platform.</param>
/// <param name="Recipient">For a mail that was asked for before, the address that was noted then holds.</param>
/// <param name="Content">What it says.</param>
/// <param name="ReplyTo">Whom answers reach.</param>
/// <param name="Attachments">What goes with it.</param>
public sealed record EmailRequest(
    string Template, Guid SubjectId, Guid? OrganisationId, string Recipient, EmailContent Content, EmailAddress? ReplyTo, IReadOnlyList<EmailAttachment> Attachments);
