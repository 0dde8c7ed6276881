namespace Portal.Core.Ledger;

/// <summary>What is booked; a stored name never changes its meaning.</summary>
public static class LedgerKinds
{
    /// <summary>Debit receivable; credit revenue and tax payable. Source: the invoice.</summary>
    public const string InvoiceIssued = "invoice.issued";

    /// <summary>The same, turned round. Source: the invoice.</summary>
    public const string InvoiceVoided = "invoice.voided";

    /// <summary>Debit revenue; credit customer credit. Source: the late usage credit.</summary>
    public const string LateUsageCredited = "late_usage.credited";

    /// <summary>Debit customer credit; credit receivable. Source: the payment by account credit.</summary>
    public const string CreditApplied = "account_credit.applied";

    /// <summary>The provider took a payment for us. Source: the payment.</summary>
    public const string PaymentCaptured = "payment.captured";

    /// <summary>Debit deferred revenue; credit revenue, or turned round where credits came back. Source: the run's own.</summary>
    public const string PrepaidReleased = "prepaid.released";

    /// <summary>Staff recorded money that came another way. Source: the payment.</summary>
    public const string PaymentRecorded = "payment.recorded";
}
