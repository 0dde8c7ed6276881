using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Invoicing;

/// <summary>Throws a draft away; the next run of its month makes it anew. Fails with <c>invoice_already_issued</c>.</summary>
public sealed class DiscardDraft(IBillingStore store, IInvoiceBulk bulk, TimeProvider clock)
{
    public async Task<Result<Unit>> RunAsync(CallContext call, Guid invoiceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesIssue) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Invoice>(invoiceId, cancellationToken) is not { } invoice)
            return Failure.NotFound("invoice");
        if (invoice.Status != InvoiceStatus.Draft)
            return Failure.Conflict("invoice_already_issued", "An issued invoice can't be deleted. Void it, or issue a credit note.");
        db.Audit(
            call,
            new AuditRecord("invoice.draft_discarded", "invoice", invoice.Id, invoice.OrganisationId, new { Month = invoice.BillingMonth.ToString(), invoice.Total, invoice.Currency, invoice.HoldReason }),
            clock.GetUtcNow());
        await bulk.DeleteDraftsAsync(db, [invoiceId], cancellationToken);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
