using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Emails;
using Portal.Core.Kernel;
using Portal.Core.Outbox;
using Portal.Core.Payments;
using Portal.Core.Settings;

namespace Portal.Core.Invoicing;

/// <summary>
/// The document of an issued invoice. The first who asks makes and stores it; from then on, the same bytes. Who asks at the same time
/// gets what was stored first.
/// </summary>
public sealed class EnsureInvoiceFile(IBillingStore store, IInvoicePdf pdf, IPortalLinks links, PaymentsAvailability payments, TimeProvider clock) : IInvoiceFiles
{
    // Storing is the platform's doing, also where a customer asks first.
    private static readonly AccessScope s_scope = new AccessScope.System("The documents of every organisation are made in one place.");

    /// <summary>Fails with <c>invoice_not_issued</c>, <c>document_unavailable</c> or <c>document_rejected</c>.</summary>
    public async Task<Result<byte[]>> EnsureAsync(CallContext call, Guid invoiceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesRead))
            return Failure.Forbidden();
        await using (var db = await store.OpenAsync(call.Scope, cancellationToken))
        {
            if (await StoredAsync(db, invoiceId, cancellationToken) is { } stored)
                return stored;
            var status = await db.Invoices.Where(invoice => invoice.Id == invoiceId).Select(invoice => (InvoiceStatus?)invoice.Status).SingleOrDefaultAsync(cancellationToken);
            if (status is null || (status == InvoiceStatus.Draft && call.OrganisationId is not null))
                return Failure.NotFound("invoice");
            if (status == InvoiceStatus.Draft)
                return Failure.Conflict("invoice_not_issued", "A draft has no document yet.");
        }

        var (issued, document) = await ReadAsync(invoiceId, cancellationToken);
        try
        {
            return await KeepAsync(issued, await pdf.RenderAsync(document, cancellationToken), cancellationToken);
        }
        catch (DocumentException failed)
        {
            return failed.IsTransient
                ? Failure.Unavailable("document_unavailable", "The document can't be created right now. Try again in a minute.")
                : Failure.Conflict("document_rejected", "The layout can't show this invoice.");
        }
    }

    private async Task<(Invoice Invoice, InvoiceDocument Document)> ReadAsync(Guid invoiceId, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var invoice = await db.Invoices.AsNoTracking().Include(invoice => invoice.Lines).Include(invoice => invoice.Taxes).SingleAsync(invoice => invoice.Id == invoiceId, cancellationToken);
        var projects = invoice.Lines.Select(line => line.ProjectId).OfType<Guid>().Distinct().ToList();
        var context = new InvoiceDocumentContext(
            InvoiceJson.Read<SellerProfile>(invoice.Seller!),
            InvoiceJson.Read<CustomerSnapshot>(invoice.Customer!),
            // What was used when it was issued bears the time of issue; the document does not show what came later.
            await db.Payments.Where(payment => payment.OrganisationId == invoice.OrganisationId && payment.Method == PaymentMethod.AccountCredit)
                .SelectMany(payment => payment.Allocations).Where(part => part.InvoiceId == invoiceId && part.CreatedAt == invoice.IssuedAt)
                .SumAsync(part => part.Amount, cancellationToken),
            await db.Projects.Where(project => projects.Contains(project.Id)).ToDictionaryAsync(project => project.Id, project => project.Name, cancellationToken),
            payments.Run().IsOn ? links.Invoice(invoice.OrganisationId, invoiceId) : null,
            (await db.PlatformSettingsAsync(cancellationToken)).PaymentInstructions);
        return (invoice, InvoiceDocumentBuilder.Build(invoice, context));
    }

    private async Task<byte[]> KeepAsync(Invoice invoice, byte[] content, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await store.OpenAsync(s_scope, cancellationToken);
            db.InvoiceFiles.Add(InvoiceFile.Of(invoice, content, clock.GetUtcNow()));
            await db.CommitAsync(cancellationToken);
            return content;
        }
        catch (UniqueViolationException refused)
        {
            await using var db = await store.OpenAsync(s_scope, cancellationToken);
            return await StoredAsync(db, invoice.Id, cancellationToken) ?? throw new InvalidOperationException($"The document of invoice {invoice.Id} is refused and not stored.", refused);
        }
    }

    private static Task<byte[]?> StoredAsync(IBillingDb db, Guid invoiceId, CancellationToken cancellationToken) =>
        db.InvoiceFiles.Where(file => file.InvoiceId == invoiceId).Select(file => file.Content).SingleOrDefaultAsync(cancellationToken);
}
