using Portal.Core.Outbox;

namespace Portal.Core.Emails;

/// <summary>The mails that are sent, by their stored names, and the outbox message that sends each.</summary>
public static class EmailTemplates
{
    /// <summary>Subject: the invoice.</summary>
    public const string InvoiceIssued = "invoice_issued";

    /// <summary>Subject: the payment.</summary>
    public const string PaymentReceipt = "payment_receipt";

    /// <summary>Staff's words to a customer. Subject: the ticket's message.</summary>
    public const string TicketReply = "ticket_reply";

    /// <summary>A customer's words to staff. Subject: the ticket's message.</summary>
    public const string TicketMessage = "ticket_message";

    /// <summary>Subject: the invitation's link.</summary>
    public const string Invitation = "invitation";

    /// <summary>Subject: the link.</summary>
    public const string ResetPassword = "reset_password";

    /// <summary>Subject: the link.</summary>
    public const string ConfirmAddress = "confirm_address";

    /// <summary>The outbox message that makes and sends the mail; null for a template that is not known, and for mails with a link for one person alone: those are asked for anew where they came from.</summary>
    public static string? OutboxKindOf(string template) => template switch
    {
        InvoiceIssued => OutboxKinds.InvoiceIssued,
        PaymentReceipt => OutboxKinds.PaymentReceived,
        TicketReply or TicketMessage => OutboxKinds.TicketMessage,
        _ => null,
    };

    /// <summary>True: it goes to the organisation's billing contact; false: to the person it was written to.</summary>
    public static bool IsForBilling(string template) => template is InvoiceIssued or PaymentReceipt;
}
