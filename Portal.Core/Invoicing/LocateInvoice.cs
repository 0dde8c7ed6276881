using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;

namespace Portal.Core.Invoicing;

/// <summary>
/// Says whose invoice an id is, for links that name the invoice alone: mails and the checkout's way back. It comes before any call context, which
/// needs the organisation; whoever uses it must ask whether the reader belongs there, and say nothing when they don't.
/// </summary>
public sealed class LocateInvoice(IBillingStore store)
{
    private static readonly Access.AccessScope s_scope = new Access.AccessScope.System("A link names an invoice before its organisation is known");

    /// <summary>The organisation, or null when there is no such invoice, or only a draft.</summary>
    public async Task<Guid?> RunAsync(Guid invoiceId, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        return await db.Invoices
            .Where(invoice => invoice.Id == invoiceId && invoice.Status != InvoiceStatus.Draft)
            .Select(invoice => (Guid?)invoice.OrganisationId)
            .SingleOrDefaultAsync(cancellationToken);
    }
}
