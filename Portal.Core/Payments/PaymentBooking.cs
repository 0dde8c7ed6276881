using Microsoft.EntityFrameworkCore;
using Portal.Core.Credits;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Ledger;
using Portal.Core.Outbox;

namespace Portal.Core.Payments;

/// <summary>What received money does, wherever it comes from: it settles invoices, the rest becomes account credit, the ledger says so, a receipt is asked for.</summary>
internal sealed class PaymentBooking(IAccountCreditBook credits)
{
    /// <summary>Books a payment that has just become ours. The invoices are locked by the caller, in the order in which they are to be settled.</summary>
    public async Task<BookedPayment> RunAsync(IBillingDb db, Payment payment, IReadOnlyList<Invoice> invoices, MoneyArrival arrival, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var left = payment.Settles;
        foreach (var invoice in invoices.Where(invoice => invoice.IsOpen && invoice.Currency == payment.Currency))
        {
            var part = Math.Min(left, invoice.AmountDue);
            if (part <= 0)
                continue;
            payment.Allocate(invoice.Id, part, now);
            invoice.ApplyPayment(part, now);
            left -= part;
            if (!invoice.IsOpen)
                await CloseOrdersAsync(db, invoice.Id, now, cancellationToken);
        }

        if (left > 0)
            await credits.MoveAsync(db, new CreditMovement(payment.OrganisationId, payment.Currency, left, CreditReasons.Overpayment, payment.Id), now, cancellationToken);
        db.LedgerTransactions.Add(LedgerTransaction.Post(payment.OrganisationId, arrival.Kind, payment.Id, payment.Currency, arrival.Description, now,
            Posting.ToDebit(arrival.Account, payment.Amount),
            Posting.ToDebit(LedgerAccount.TdsReceivable, payment.TdsAmount),
            Posting.ToCredit(LedgerAccount.AccountsReceivable, payment.Settles - left),
            Posting.ToCredit(LedgerAccount.CustomerCredit, left)));
        db.Outbox.Add(OutboxMessage.Create(OutboxKinds.PaymentReceived, payment.Id, payment.OrganisationId, now));
        return new BookedPayment(payment.Settles - left, left);
    }

    // The provider can't call an order off; what is still paid on it becomes account credit.
    private static async Task CloseOrdersAsync(IBillingDb db, Guid invoiceId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await db.PaymentOrders
            .Where(order => order.InvoiceId == invoiceId && (order.Status == PaymentOrderStatus.Intended || order.Status == PaymentOrderStatus.Open || order.Status == PaymentOrderStatus.Unknown))
            .Select(order => order.Id).ToListAsync(cancellationToken);
        foreach (var id in open)
        {
            if (await db.LockAsync<PaymentOrder>(id, cancellationToken) is { IsOpen: true } order)
                order.Close("invoice_paid", now);
        }
    }
}

/// <summary>Where the money lies, and how the ledger calls its coming.</summary>
internal sealed record MoneyArrival(string Kind, LedgerAccount Account, string Description);

/// <summary>Where a payment went.</summary>
/// <param name="Allocated">To invoices.</param>
/// <param name="AccountCredit">What was left over.</param>
internal sealed record BookedPayment(decimal Allocated, decimal AccountCredit);
