using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;

namespace Portal.Core.Ledger;

/// <summary>How an organisation stands with us: what it owes and what we hold for it, per currency.</summary>
public sealed class GetOrganisationBalance(IBillingStore store)
{
    /// <summary>Needs <c>payments:read</c>.</summary>
    public async Task<Result<IReadOnlyList<OrganisationBalance>>> RunAsync(CallContext call, Guid organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PaymentsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (!await db.Organisations.AnyAsync(organisation => organisation.Id == organisationId, cancellationToken))
            return Failure.NotFound("organisation");
        var ledger = await db.LedgerEntries
            .Where(entry => entry.OrganisationId == organisationId && (entry.Account == LedgerAccount.AccountsReceivable || entry.Account == LedgerAccount.CustomerCredit))
            .GroupBy(entry => new { entry.Currency, entry.Account })
            .Select(group => new { group.Key.Currency, group.Key.Account, Balance = group.Sum(entry => entry.Debit - entry.Credit) })
            .ToListAsync(cancellationToken);
        var due = await db.Invoices
            .Where(invoice => invoice.OrganisationId == organisationId
                && (invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartiallyPaid || invoice.Status == InvoiceStatus.Overdue))
            .GroupBy(invoice => invoice.Currency)
            .Select(group => new { Currency = group.Key, Amount = group.Sum(invoice => invoice.AmountDue), Invoices = group.Count() })
            .ToListAsync(cancellationToken);
        decimal Of(string currency, LedgerAccount account) => ledger.Where(sum => sum.Currency == currency && sum.Account == account).Sum(sum => sum.Balance);
        List<OrganisationBalance> balances = [.. ledger.Select(sum => sum.Currency).Union(due.Select(sum => sum.Currency), StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(currency => new OrganisationBalance(
                currency,
                Of(currency, LedgerAccount.AccountsReceivable),
                -Of(currency, LedgerAccount.CustomerCredit),
                due.Where(sum => sum.Currency == currency).Sum(sum => sum.Amount),
                due.Where(sum => sum.Currency == currency).Sum(sum => sum.Invoices)))];
        return balances;
    }
}

/// <summary>One currency's balance.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Receivable">What it owes, by the ledger.</param>
/// <param name="Credit">Account credit that we hold for it, by the ledger.</param>
/// <param name="Due">What its open invoices ask for; equals <paramref name="Receivable"/>.</param>
/// <param name="OpenInvoices">How many those are.</param>
public sealed record OrganisationBalance(string Currency, decimal Receivable, decimal Credit, decimal Due, int OpenInvoices);
