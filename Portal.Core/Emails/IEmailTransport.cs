namespace Portal.Core.Emails;

/// <summary>Sends a mail, or keeps it where no mail server is set up. Called from the outbox; it does not try again by itself.</summary>
public interface IEmailTransport
{
    /// <summary>
    /// Tries once. Refusals and failures of the server are outcomes; an exception is a bug, or the cancellation. When a connection is lost after
    /// the mail was handed over, nobody knows whether it arrived: that is a transient failure, and the next attempt carries the same Message-ID.
    /// </summary>
    Task<EmailOutcome> SendAsync(EmailMessage message, CancellationToken cancellationToken);
}

/// <summary>What became of an attempt.</summary>
public enum EmailOutcomeKind
{
    /// <summary>The server took it, or it was kept as a file.</summary>
    Sent,

    /// <summary>Trying again later may help: no connection, a busy server, a sign-in that was refused, an outcome unknown.</summary>
    FailedForNow,

    /// <summary>The server will never take this mail, e.g. because there is no such mailbox.</summary>
    FailedForGood,
}

/// <summary>What became of an attempt at sending a mail.</summary>
/// <param name="Kind">Whether it is sent, and whether another attempt makes sense.</param>
/// <param name="MessageId">The Message-ID, with its angle brackets.</param>
/// <param name="ReplyCode">The SMTP reply code, where the server gave one.</param>
/// <param name="Detail">For staff: what the server said, or where the file lies. May name recipients: not for logs.</param>
public sealed record EmailOutcome(EmailOutcomeKind Kind, string MessageId, int? ReplyCode, string? Detail)
{
    public bool IsSent => Kind == EmailOutcomeKind.Sent;
}
