using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Emails;

/// <summary>Mails and their outcomes, newest first.</summary>
public sealed class ListEmails(IBillingStore store)
{
    /// <summary>Needs <c>invoices:read</c>, or <c>system:read</c>. Search looks for the recipient's address; no sort.</summary>
    public async Task<Result<PagedList<EmailRow>>> RunAsync(CallContext call, EmailFilter filter, ListRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.InvoicesRead) && !call.May(Permissions.SystemRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var mails = db.Emails.AsNoTracking();
        // The row may belong to nobody, so the session's own filter does not cover it; row-level security does, too.
        if ((call.OrganisationId ?? filter.OrganisationId) is { } organisationId)
            mails = mails.Where(mail => mail.OrganisationId == organisationId);
        if (filter.SubjectId is { } subjectId)
            mails = mails.Where(mail => mail.SubjectId == subjectId);
        if (filter.Status is { } status)
            mails = mails.Where(mail => mail.Status == status);
        if (request.Search?.Trim() is { Length: > 0 } search)
            mails = mails.Where(mail => mail.Recipient.Contains(search));
        int? total = request.WithTotal ? await mails.CountAsync(cancellationToken) : null;
        if (request.After is { } after)
            mails = mails.Where(mail => mail.Id < after);
        var rows = await mails.OrderByDescending(mail => mail.Id).Skip(request.Skip).Take(request.Fetch)
            .Select(mail => new EmailRow(mail.Id, mail.OrganisationId, mail.Template, mail.SubjectId, mail.Recipient, mail.Subject, mail.Status, mail.Attempts, mail.Error, mail.CreatedAt, mail.SentAt))
            .ToListAsync(cancellationToken);
        return PagedList<EmailRow>.Cut(rows, request, total);
    }
}

/// <summary>Which mails; null leaves a fact open.</summary>
public sealed record EmailFilter(Guid? OrganisationId = null, Guid? SubjectId = null, EmailStatus? Status = null);

/// <summary>A mail in a list.</summary>
public sealed record EmailRow(
    Guid Id, Guid? OrganisationId, string Template, Guid SubjectId, string Recipient, string Subject, EmailStatus Status, int Attempts, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? SentAt);
