namespace Portal.Core.Invoicing;

/// <summary>What billing books; a stored name never changes its meaning. Payments have their own.</summary>
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
}
