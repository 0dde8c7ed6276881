using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Currencies;
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
        var projects = invoice.Lines.Select(line => line.ProjectId).OfType<Guid>().Distinct().ToList();
        return await BuildAsync(
            db, invoice, await db.Projects.Where(project => projects.Contains(project.Id)).ToDictionaryAsync(project => project.Id, project => project.Name, cancellationToken), cancellationToken);
    }

    /// <summary>Of an invoice that the caller has just read, without reading it again.</summary>
    public async Task<Result<InvoiceDocument>> RunAsync(CallContext call, InvoiceDetails details, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(details);
        if (!call.May(Permissions.InvoicesRead) || (call.OrganisationId is { } organisation && (details.Invoice.OrganisationId != organisation || details.Invoice.Status == InvoiceStatus.Draft)))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await BuildAsync(db, details.Invoice, details.ProjectNames, cancellationToken);
    }

    private async Task<InvoiceDocument> BuildAsync(IBillingDb db, Invoice invoice, IReadOnlyDictionary<Guid, string> projectNames, CancellationToken cancellationToken)
    {
        var settings = await db.SettingsInForceAsync(clock.GetUtcNow(), cancellationToken);
        var context = new InvoiceDocumentContext(
            invoice.Seller is { } seller ? InvoiceJson.Read<SellerProfile>(seller) : settings.Seller,
            invoice.Customer is { } sold ? InvoiceJson.Read<CustomerSnapshot>(sold) : await CustomerAsync(db, invoice, settings, cancellationToken),
            invoice.IssuedAt is { } issued ? await CreditAtIssueAsync(db, invoice, issued, cancellationToken) : 0,
            projectNames,
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

    private static Task<decimal> CreditAtIssueAsync(IBillingDb db, Invoice invoice, DateTimeOffset issued, CancellationToken cancellationToken) =>
        db.Payments.Where(payment => payment.OrganisationId == invoice.OrganisationId && payment.Method == PaymentMethod.AccountCredit)
            .SelectMany(payment => payment.Allocations).Where(part => part.InvoiceId == invoice.Id && part.CreatedAt == issued)
            .SumAsync(part => part.Amount, cancellationToken);

    // As a draft would name the customer: by the profile of the day that it was made on.
    private static async Task<CustomerSnapshot> CustomerAsync(IBillingDb db, Invoice invoice, PlatformSettings settings, CancellationToken cancellationToken)
    {
        var organisation = await db.Organisations.AsNoTracking().SingleAsync(organisation => organisation.Id == invoice.OrganisationId, cancellationToken);
        var profiles = await db.OrganisationTaxProfiles.AsNoTracking().Where(profile => profile.OrganisationId == invoice.OrganisationId).ToListAsync(cancellationToken);
        var tables = new TaxTables(settings, [], profiles.ToLookup(profile => profile.OrganisationId), [], ExchangeRateBook.Empty);
        return CustomerSnapshot.Of(organisation, tables.CustomerOn(organisation, tables.DayOf(invoice.CreatedAt)), invoice.UpdatedAt);
    }
}
