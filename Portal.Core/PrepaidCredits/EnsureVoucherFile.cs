using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;

namespace Portal.Core.PrepaidCredits;

/// <summary>A receipt voucher's number and document.</summary>
public sealed record Voucher(string Number, byte[] Content);

/// <summary>
/// The document of a receipt voucher. The first who asks makes and stores it; from then on, the same bytes. Who asks at the same time
/// gets what was stored first.
/// </summary>
public sealed class EnsureVoucherFile(IBillingStore store, IInvoicePdf pdf, TimeProvider clock)
{
    // Storing is the platform's doing, also where a customer asks first.
    private static readonly AccessScope s_scope = new AccessScope.System("The documents of every organisation are made in one place.");

    /// <summary>Needs <c>credits:read</c>. NotFound for what is not in the scope or not paid; <c>document_unavailable</c> or <c>document_rejected</c>.</summary>
    public async Task<Result<Voucher>> RunAsync(CallContext call, Guid purchaseId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.CreditsRead))
            return Failure.Forbidden();
        PrepaidPurchase? purchase;
        InvoiceDocument document;
        await using (var db = await store.OpenAsync(call.Scope, cancellationToken))
        {
            purchase = await db.PrepaidPurchases.AsNoTracking().SingleOrDefaultAsync(row => row.Id == purchaseId && row.Status == PrepaidPurchaseStatus.Paid, cancellationToken);
            if (purchase is null)
                return Failure.NotFound("receipt voucher");
            if (await StoredAsync(db, purchaseId, cancellationToken) is { } stored)
                return new Voucher(purchase.Number!, stored);
            var customer = await db.Organisations.Where(row => row.Id == purchase.OrganisationId).Select(row => new { row.Locale, row.TimeZone }).SingleAsync(cancellationToken);
            var expires = await db.PrepaidGrants.Where(row => row.Kind == PrepaidGrantKind.Purchase && row.SourceId == purchaseId).Select(row => row.ExpiresAt).SingleAsync(cancellationToken);
            document = VoucherDocument.Build(purchase, customer.Locale, customer.TimeZone, expires);
        }

        try
        {
            return new Voucher(purchase.Number!, await KeepAsync(purchase, await pdf.RenderAsync(document, cancellationToken), cancellationToken));
        }
        catch (DocumentException failed)
        {
            return failed.IsTransient
                ? Failure.Unavailable("document_unavailable", "The document can't be created right now. Try again in a minute.")
                : Failure.Conflict("document_rejected", "The layout can't show this voucher.");
        }
    }

    private async Task<byte[]> KeepAsync(PrepaidPurchase purchase, byte[] content, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await store.OpenAsync(s_scope, cancellationToken);
            db.PrepaidVoucherFiles.Add(PrepaidVoucherFile.Of(purchase, content, clock.GetUtcNow()));
            await db.CommitAsync(cancellationToken);
            return content;
        }
        catch (UniqueViolationException refused)
        {
            await using var db = await store.OpenAsync(s_scope, cancellationToken);
            return await StoredAsync(db, purchase.Id, cancellationToken) ?? throw new InvalidOperationException($"The document of purchase {purchase.Id} is refused and not stored.", refused);
        }
    }

    private static Task<byte[]?> StoredAsync(IBillingDb db, Guid purchaseId, CancellationToken cancellationToken) =>
        db.PrepaidVoucherFiles.Where(file => file.PurchaseId == purchaseId).Select(file => file.Content).SingleOrDefaultAsync(cancellationToken);
}
