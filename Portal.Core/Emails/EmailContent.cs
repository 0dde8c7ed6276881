namespace Portal.Core.Emails;

/// <summary>What a mail says: a subject, and the same words as plain text and as HTML.</summary>
public sealed record EmailContent(string Subject, string Text, string Html)
{
    /// <summary>The mail, ready to go.</summary>
    public EmailMessage To(Guid id, EmailAddress recipient, EmailAddress? replyTo = null, params IReadOnlyList<EmailAttachment> attachments) => new()
    {
        Id = id,
        ReplyTo = replyTo,
        To = [recipient],
        Subject = Subject,
        Text = Text,
        Html = Html,
        Attachments = attachments,
        // Keeps holiday notes and other answering machines silent (RFC 3834).
        Headers = new Dictionary<string, string> { ["Auto-Submitted"] = "auto-generated" },
    };
}
