using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Payments;
using Portal.Core.Settings;
using Portal.Core.Tax;

namespace Portal.Core.Invoicing;

/// <summary>An invoice as its document shows it, with what is paid by now. Customers see no drafts.</summary>
public sealed class GetInvoiceDocument(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>invoices:read</c>. An issued invoice says what it said at issue, and what was paid since; a draft what it would say now.</summary>
    public async Task<Result<InvoiceDocument>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var invoice = await db.Invoices.AsNoTracking().Include(invoice => invoice.Lines).Include(invoice => invoice.Taxes)
            .Where(invoice => invoice.Id == id && (call.OrganisationId == null || invoice.Status != InvoiceStatus.Draft))
            .SingleOrDefaultAsync(cancellationToken);
        if (invoice is null)
            return Failure.NotFound("invoice");
        var settings = await db.SettingsInForceAsync(clock.GetUtcNow(), cancellationToken);
        var customer = invoice.Customer is { } sold ? InvoiceJson.Read<CustomerSnapshot>(sold) : await CustomerAsync(db, invoice, cancellationToken);
        var projects = invoice.Lines.Select(line => line.ProjectId).OfType<Guid>().Distinct().ToList();
        var context = new InvoiceDocumentContext(
            invoice.Seller is { } seller ? InvoiceJson.Read<SellerProfile>(seller) : settings.Seller,
            customer,
            await db.Payments.Where(payment => payment.OrganisationId == invoice.OrganisationId && payment.Method == PaymentMethod.AccountCredit)
                .SelectMany(payment => payment.Allocations).Where(part => part.InvoiceId == id && part.CreatedAt == invoice.IssuedAt)
                .SumAsync(part => part.Amount, cancellationToken),
            await db.Projects.Where(project => projects.Contains(project.Id)).ToDictionaryAsync(project => project.Id, project => project.Name, cancellationToken),
            PayLink: null,
            settings.PaymentInstructions);
        var document = InvoiceDocumentBuilder.Build(invoice, context);
        return invoice.Status switch
        {
            InvoiceStatus.Draft => document,
            InvoiceStatus.Void => document with { AmountDue = 0, DueDate = null, PaymentInstructions = null },
            InvoiceStatus.Issued or InvoiceStatus.PartiallyPaid or InvoiceStatus.Paid or InvoiceStatus.Overdue or InvoiceStatus.Refunded =>
                document with { AmountPaid = invoice.AmountPaid - context.CreditApplied, AmountDue = invoice.AmountDue },
        };
    }

    private static async Task<CustomerSnapshot> CustomerAsync(IBillingDb db, Invoice invoice, CancellationToken cancellationToken)
    {
        var organisation = await db.Organisations.AsNoTracking().SingleAsync(organisation => organisation.Id == invoice.OrganisationId, cancellationToken);
        var tables = await db.TaxTablesAsync([organisation.Id], billed: null, cancellationToken);
        return CustomerSnapshot.Of(organisation, tables.CustomerOn(organisation, tables.DayOf(invoice.CreatedAt)), invoice.UpdatedAt);
    }
}
