using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Settings;

namespace Portal.Core.Invoicing;

/// <summary>Issues one draft. Fails with <c>not_ready</c>, <c>invoice_held</c> or <c>invoice_already_issued</c>.</summary>
public sealed class IssueInvoice(IBillingStore store, IssueBatch batch)
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
            if (IssueReadiness.Check(await db.PlatformSettingsAsync(cancellationToken)) is { } notReady)
                return notReady;
        }

        var issued = await batch.RunAsync(call, [invoiceId], cancellationToken);
        return issued.Count == 1 ? issued[0].Number : AlreadyIssued();
    }

    private static Failure AlreadyIssued() => Failure.Conflict("invoice_already_issued", "The invoice has been issued already, or its draft was thrown away.");
}
