using Portal.Core.Kernel;

namespace Portal.Core.Emails;

/// <summary>What became of a mail.</summary>
public enum EmailStatus
{
    Pending,
    Sent,
    Failed,
}

/// <summary>A mail that was asked for, and its outcome.</summary>
public sealed class EmailNotification
{
    private EmailNotification() { }

    public Guid Id { get; private set; }

    public Guid? OrganisationId { get; private set; }

    /// <summary>E.g. <c>invoice_issued</c>; unique with <see cref="SubjectId"/>, so that a retry does not mail twice.</summary>
    public string Template { get; private set; } = "";

    public Guid SubjectId { get; private set; }

    public string Recipient { get; private set; } = "";

    public string Subject { get; private set; } = "";

    public EmailStatus Status { get; private set; }

    public string? MessageId { get; private set; }

    public string? Error { get; private set; }

    public int Attempts { get; private set; }

    /// <summary>How often staff asked for it again; a part of the message id, so that mail programs don't take it for the first one.</summary>
    public int Resends { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? SentAt { get; private set; }

    public static EmailNotification Create(string template, Guid subjectId, Guid? organisationId, string recipient, string subject, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Template = template,
        SubjectId = subjectId,
        OrganisationId = organisationId,
        Recipient = recipient,
        Subject = subject,
        CreatedAt = now,
    };

    public void MarkSent(string messageId, DateTimeOffset now) =>
        (Status, MessageId, SentAt, Error, Attempts) = (EmailStatus.Sent, messageId, now, null, Attempts + 1);

    public void MarkFailed(string error) => (Status, Error, Attempts) = (EmailStatus.Failed, error, Attempts + 1);

    /// <summary>Not sent this time; it is tried again. Says nothing about whether the server took it after all.</summary>
    public void NotSent(string error) => (Error, Attempts) = Status == EmailStatus.Pending
        ? (error, Attempts + 1)
        : throw new IllegalTransitionException($"A mail that is {Status} is not under way.");

    /// <summary>Asked for again, to where it now belongs.</summary>
    public void SendAgain(string recipient) => (Status, Recipient, Error, Resends) = Status != EmailStatus.Pending
        ? (EmailStatus.Pending, recipient, (string?)null, Resends + 1)
        : throw new IllegalTransitionException("The mail is already under way.");
}
