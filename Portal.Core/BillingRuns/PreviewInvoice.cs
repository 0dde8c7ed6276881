using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.BillingRuns;

/// <summary>What an organisation's invoice of a month would be as usage and prices stand now, also while the month runs. Nothing is stored.</summary>
public sealed class PreviewInvoice(IBillingStore store, IBillingInputs inputs, BillChunk chunks, TimeProvider clock)
{
    /// <summary>The draft; null when the month is invoiced already and there is nothing to preview.</summary>
    public async Task<Result<InvoiceDraft>> RunAsync(CallContext call, Guid organisationId, BillingMonth month, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var input = await inputs.LoadAsync(db, [organisationId], new BillingInputRequest(month, chunks.FirstMonth(month), RemakeDrafts: true, Lock: false), cancellationToken);
        if (input.Organisations.Count == 0)
            return Failure.NotFound("organisation");
        if (input.Invoices[organisationId].Any(invoice => invoice.Month == month && invoice.Status != InvoiceStatus.Draft))
            return Failure.Conflict("invoice_already_issued", "This month is already invoiced.");
        return input.Draft(input.Organisations[0], month, input.BillableUsage(input.Organisations[0], month), clock.GetUtcNow());
    }
}
