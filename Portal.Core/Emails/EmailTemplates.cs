using Portal.Core.Outbox;

namespace Portal.Core.Emails;

/// <summary>The mails that are sent, by their stored names, and the outbox message that sends each.</summary>
public static class EmailTemplates
{
    /// <summary>Subject: the invoice.</summary>
    public const string InvoiceIssued = "invoice_issued";

    /// <summary>Subject: the payment.</summary>
    public const string PaymentReceipt = "payment_receipt";

    /// <summary>The outbox message that makes and sends the mail; null for a template that is not known.</summary>
    public static string? OutboxKindOf(string template) => template switch
    {
        InvoiceIssued => OutboxKinds.InvoiceIssued,
        PaymentReceipt => OutboxKinds.PaymentReceived,
        _ => null,
    };
}
