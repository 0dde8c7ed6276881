using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Tax;

namespace Portal.Core.Invoicing;

/// <summary>Issues one draft. Fails with <c>not_ready</c>, <c>invoice_held</c> or <c>invoice_already_issued</c>.</summary>
public sealed class IssueInvoice(IBillingStore store, IssueBatch batch, TimeProvider clock)
{
    /// <summary>The number that it got.</summary>
    public async Task<Result<string>> RunAsync(CallContext call, Guid invoiceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesIssue) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using (var db = await store.OpenAsync(call.Scope, cancellationToken))
        {
            var draft = await db.Invoices.Where(invoice => invoice.Id == invoiceId).Select(invoice => new { invoice.Status, invoice.HoldReason }).SingleOrDefaultAsync(cancellationToken);
            if (draft is null)
                return Failure.NotFound("invoice");
            if (draft.Status != InvoiceStatus.Draft)
                return AlreadyIssued();
            if (draft.HoldReason is not null)
                return Failure.Conflict("invoice_held", draft.HoldReason);
            if (IssueReadiness.Check(await db.SettingsInForceAsync(clock.GetUtcNow(), cancellationToken)) is { } notReady)
                return notReady;
        }

        var issued = await batch.RunAsync(call, [invoiceId], cancellationToken);
        return issued.Count == 1 ? issued[0].Number : await WhyNotAsync(call, invoiceId, cancellationToken);
    }

    // Somebody was faster, or its tax has changed since it was drafted.
    private async Task<Failure> WhyNotAsync(CallContext call, Guid invoiceId, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var reason = await db.Invoices.Where(invoice => invoice.Id == invoiceId && invoice.Status == InvoiceStatus.Draft).Select(invoice => invoice.HoldReason).SingleOrDefaultAsync(cancellationToken);
        return reason is null ? AlreadyIssued() : Failure.Conflict("invoice_held", reason);
    }

    private static Failure AlreadyIssued() => Failure.Conflict("invoice_already_issued", "The invoice was already issued, or its draft was deleted.");
}
