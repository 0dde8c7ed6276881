using System.Collections.Concurrent;
using Portal.Core.Access;
using Portal.Core.Emails;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Outbox;

namespace Portal.Tests.Data.Payments;

/// <summary>Keeps the mails; a test decides what becomes of each.</summary>
internal sealed class FakeTransport : IEmailTransport
{
    /// <summary>Every attempt, in order.</summary>
    public ConcurrentQueue<EmailMessage> Attempts { get; } = new();

    public Func<EmailMessage, EmailOutcomeKind> Decide { get; set; } = _ => EmailOutcomeKind.Sent;

    public IReadOnlyList<EmailMessage> To(string address) => [.. Attempts.Where(mail => mail.To[0].Address == address)];

    public Task<EmailOutcome> SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        Attempts.Enqueue(message);
        var kind = Decide(message);
        return Task.FromResult(new EmailOutcome(kind, $"<{message.Id:n}@example.com>", kind == EmailOutcomeKind.Sent ? 250 : 451, kind == EmailOutcomeKind.Sent ? null : "the server says no"));
    }
}

/// <summary>Documents whose bytes don't matter.</summary>
internal sealed class FakeDocuments : IInvoiceFiles, IInvoicePdf
{
    public bool IsBroken { get; set; }

    public ReceiptDocument? LastReceipt { get; private set; }

    public Task<Result<byte[]>> EnsureAsync(CallContext call, Guid invoiceId, CancellationToken cancellationToken) =>
        Task.FromResult<Result<byte[]>>(IsBroken ? Failure.Unavailable("document", "No engine.") : "%PDF-invoice"u8.ToArray());

    public InvoiceDocument? LastInvoice { get; private set; }

    public int Invoices { get; private set; }

    public Task<byte[]> RenderAsync(InvoiceDocument document, CancellationToken cancellationToken)
    {
        (LastInvoice, Invoices) = (document, Invoices + 1);
        return IsBroken ? throw new DocumentException(DocumentFailure.EngineMissing, "No engine.") : Task.FromResult(System.Text.Encoding.UTF8.GetBytes($"%PDF-{document.Title}-{document.Number}-{Invoices}"));
    }

    public Task<byte[]> RenderAsync(ReceiptDocument document, CancellationToken cancellationToken)
    {
        LastReceipt = document;
        return IsBroken ? throw new DocumentException(DocumentFailure.EngineMissing, "No engine.") : Task.FromResult("%PDF-receipt"u8.ToArray());
    }
}

internal sealed class FakeLinks : IPortalLinks
{
    public Uri Invoice(Guid organisationId, Guid invoiceId) => new($"https://billing.example.com/o/{organisationId}/invoices/{invoiceId}");

    public Uri Payments(Guid organisationId) => new($"https://billing.example.com/o/{organisationId}/payments");

    public Uri Ticket(Guid organisationId, Guid ticketId) => new($"https://billing.example.com/o/{organisationId}/support/{ticketId}");

    public Uri StaffTicket(Guid ticketId) => new($"https://billing.example.com/admin/support/{ticketId}");

    public Uri Invitation(string token) => new($"https://billing.example.com/invitation?token={token}");

    public Uri ResetPassword(string token) => new($"https://billing.example.com/account/reset-password?token={token}");

    public Uri ConfirmAddress(string token) => new($"https://billing.example.com/account/confirm-address?token={token}");
}
