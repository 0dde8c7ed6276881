using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Invoicing;

/// <summary>Why an invoice is called off; 1 to 500 characters, kept with it.</summary>
public sealed record VoidInvoiceRequest(Guid InvoiceId, string? Reason);

/// <summary>
/// Calls an issued invoice off while nothing is paid on it. The number stays and is listed as void; the ledger entry is turned round;
/// the month can be invoiced anew. Fails with <c>invoice_not_voidable</c>.
/// </summary>
public sealed class VoidInvoice(IBillingStore store, TimeProvider clock)
{
    public async Task<Result<Unit>> RunAsync(CallContext call, VoidInvoiceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.InvoicesVoid) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > 500)
            return Failure.Invalid("reason", "Enter a reason of 1 to 500 characters.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Invoice>(request.InvoiceId, cancellationToken) is not { } invoice)
            return Failure.NotFound("invoice");
        if (!invoice.IsOpen || invoice.AmountPaid != 0)
        {
            return Failure.Conflict("invoice_not_voidable", invoice.Status switch
            {
                InvoiceStatus.Draft => "A draft has no number yet. Delete it instead.",
                InvoiceStatus.Void => "The invoice is already void.",
                InvoiceStatus.Issued or InvoiceStatus.PartiallyPaid or InvoiceStatus.Paid or InvoiceStatus.Overdue or InvoiceStatus.Refunded =>
                    "This invoice has payments. Only an unpaid invoice can be voided.",
            });
        }

        var now = clock.GetUtcNow();
        var before = new { invoice.Status };
        invoice.MarkVoid(request.Reason.Trim(), now);
        if (invoice.Total > 0)
            db.LedgerTransactions.Add(InvoicePostings.Voided(invoice, now));
        db.Audit(call, new AuditRecord("invoice.voided", "invoice", invoice.Id, invoice.OrganisationId, before, new { invoice.Status, invoice.VoidReason }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
