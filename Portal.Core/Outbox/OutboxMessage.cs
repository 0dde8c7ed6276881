using Portal.Core.Kernel;

namespace Portal.Core.Outbox;

/// <summary>Something that is to leave the process: written with the change that asks for it, done after it, retried until it is done or given up.</summary>
public sealed class OutboxMessage
{
    private OutboxMessage() { }

    public Guid Id { get; private set; }

    public Guid? OrganisationId { get; private set; }

    /// <summary>Names the handler, e.g. <c>invoice.issued</c>.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>The invoice, payment or other thing that it is about.</summary>
    public Guid SubjectId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Not before this; moves on with every failed attempt and with every lease.</summary>
    public DateTimeOffset DueAt { get; private set; }

    public int Attempts { get; private set; }

    public DateTimeOffset? DoneAt { get; private set; }

    /// <summary>When it was given up; staff can send it again.</summary>
    public DateTimeOffset? DeadAt { get; private set; }

    public string? LastError { get; private set; }

    /// <summary>When staff said that it is not to be sent any more; only what was given up.</summary>
    public DateTimeOffset? DiscardedAt { get; private set; }

    public static OutboxMessage Create(string kind, Guid subjectId, Guid? organisationId, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Kind = kind,
        SubjectId = subjectId,
        OrganisationId = organisationId,
        CreatedAt = now,
        DueAt = now,
    };

    /// <summary>Has it tried anew, from the first attempt. Only what was given up.</summary>
    public void TryAgain(DateTimeOffset now) => (DueAt, Attempts, DeadAt) = DeadAt is not null && DiscardedAt is null
        ? (now, 0, (DateTimeOffset?)null)
        : throw new IllegalTransitionException("The message was not given up.");

    /// <summary>Lets it rest. Only what was given up.</summary>
    public void Discard(DateTimeOffset now) => DiscardedAt = DeadAt is not null && DiscardedAt is null
        ? now
        : throw new IllegalTransitionException("The message was not given up.");
}

/// <summary>The kinds of messages.</summary>
public static class OutboxKinds
{
    /// <summary>Make the PDF of an issued invoice and mail it. Subject: the invoice.</summary>
    public const string InvoiceIssued = "invoice.issued";

    /// <summary>Mail the receipt of a settled payment. Subject: the payment.</summary>
    public const string PaymentReceived = "payment.received";

    /// <summary>Mail what was written to a ticket to the other side. Subject: the message.</summary>
    public const string TicketMessage = "ticket.message";

    /// <summary>Mail an invitation. Subject: the invitation's link.</summary>
    public const string Invitation = "invitation.sent";

    /// <summary>Mail a link to reset a password or to confirm an address. Subject: the link.</summary>
    public const string AccountLink = "account.link";
}
