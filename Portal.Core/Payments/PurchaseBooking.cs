using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Credits;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Ledger;
using Portal.Core.Outbox;
using Portal.Core.PrepaidCredits;
using Portal.Core.Tax;

namespace Portal.Core.Payments;

/// <summary>
/// What the money for a pack of prepaid credits does: the purchase is paid, its receipt voucher numbered and its credits granted, once; the tax is owed from
/// then on. What is over, and what is paid a second time, becomes account credit.
/// </summary>
internal sealed class PurchaseBooking(IAccountCreditBook credits, IPrepaidBook prepaid, IInvoiceBulk bulk)
{
    /// <summary>Books a payment that has just become ours. The purchase is locked by the caller.</summary>
    public async Task<BookedPayment> RunAsync(IBillingDb db, CallContext call, Payment payment, PrepaidPurchase purchase, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var pays = purchase.Status == PrepaidPurchaseStatus.Pending && payment.Currency == purchase.Currency && payment.Amount >= purchase.Total;
        if (pays)
            await PayAsync(db, call, payment, purchase, now, cancellationToken);
        var left = payment.Amount - (pays ? purchase.Total : 0);
        if (left > 0)
            await credits.MoveAsync(db, new CreditMovement(payment.OrganisationId, payment.Currency, left, CreditReasons.Overpayment, payment.Id), now, cancellationToken);
        db.LedgerTransactions.Add(LedgerTransaction.Post(payment.OrganisationId, LedgerKinds.PaymentCaptured, payment.Id, payment.Currency, $"Payment {payment.ProviderPaymentId} of prepaid credits", now,
            Posting.ToDebit(LedgerAccount.ProviderClearing, payment.Amount),
            Posting.ToCredit(LedgerAccount.DeferredRevenue, pays ? purchase.Net : 0),
            Posting.ToCredit(LedgerAccount.TaxPayable, pays ? purchase.Tax : 0),
            Posting.ToCredit(LedgerAccount.CustomerCredit, left)));
        db.Outbox.Add(OutboxMessage.Create(OutboxKinds.PaymentReceived, payment.Id, payment.OrganisationId, now));
        return new BookedPayment(payment.Amount - left, left);
    }

    private async Task PayAsync(IBillingDb db, CallContext call, Payment payment, PrepaidPurchase purchase, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var tables = await db.TaxTablesAsync([purchase.OrganisationId], billed: null, cancellationToken);
        var settings = await db.SettingsInForceAsync(now, cancellationToken);
        var organisation = await db.Organisations.AsNoTracking().SingleAsync(row => row.Id == purchase.OrganisationId, cancellationToken);
        // The counter's row stays locked until the session ends: no number is left out.
        var year = InvoiceNumbers.FinancialYear(tables.DayOf(now), settings.FinancialYearStart);
        var number = await bulk.TakeNumbersAsync(db, settings.ReceiptVoucherSeries, year, 1, cancellationToken);
        purchase.MarkPaid(
            new PaidPurchase(
                payment.Id,
                InvoiceNumbers.Format(settings.ReceiptVoucherSeries, year, number),
                InvoiceJson.Write(settings.Seller),
                InvoiceJson.Write(CustomerSnapshot.Of(organisation, tables.CustomerOn(organisation, tables.DayOf(now)), now))),
            now);
        var granted = await prepaid.GrantAsync(
            db,
            new NewPrepaidGrant(
                purchase.OrganisationId, PrepaidGrantKind.Purchase, purchase.Credits, purchase.Id, purchase.ValidityDays is { } days ? now.AddDays(days) : null,
                purchase.ProductName, purchase.BoughtBy, payment.ProviderPaymentId),
            now,
            cancellationToken);
        if (granted is null)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Purchase {purchase.Id} was granted before it was paid."));
        db.Audit(call, new AuditRecord("prepaid_purchase.paid", "prepaid_purchase", purchase.Id, purchase.OrganisationId, new { Status = PrepaidPurchaseStatus.Pending }, new
        {
            purchase.Status, purchase.Number, purchase.Net, purchase.Tax, purchase.Total, purchase.Currency, purchase.Credits, GrantId = granted.Id, granted.ExpiresAt, payment.ProviderPaymentId,
        }), now);
    }
}
