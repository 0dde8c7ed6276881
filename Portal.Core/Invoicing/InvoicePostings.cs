using Portal.Core.Ledger;

namespace Portal.Core.Invoicing;

/// <summary>How invoices are booked.</summary>
public static class InvoicePostings
{
    /// <summary>Debit receivable with the total; credit revenue with what was sold and tax payable with the tax.</summary>
    public static LedgerTransaction Issued(Invoice invoice, string number, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        return LedgerTransaction.Post(
            invoice.OrganisationId,
            LedgerKinds.InvoiceIssued,
            invoice.Id,
            invoice.Currency,
            $"Invoice {number}",
            now,
            Posting.ToDebit(LedgerAccount.AccountsReceivable, invoice.Total),
            Posting.ToCredit(LedgerAccount.Revenue, invoice.Subtotal - invoice.Discount),
            Posting.ToCredit(LedgerAccount.TaxPayable, invoice.Tax));
    }

    /// <summary>The same, turned round.</summary>
    public static LedgerTransaction Voided(Invoice invoice, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        return LedgerTransaction.Post(
            invoice.OrganisationId,
            LedgerKinds.InvoiceVoided,
            invoice.Id,
            invoice.Currency,
            $"Invoice {invoice.Number} voided",
            now,
            Posting.ToDebit(LedgerAccount.Revenue, invoice.Subtotal - invoice.Discount),
            Posting.ToDebit(LedgerAccount.TaxPayable, invoice.Tax),
            Posting.ToCredit(LedgerAccount.AccountsReceivable, invoice.Total));
    }
}
