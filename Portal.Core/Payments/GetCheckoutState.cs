using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Payments;

/// <summary>How the last online payment of an invoice stands, for a page that waits for it.</summary>
/// <param name="HasArrived">True when its money is booked.</param>
/// <param name="Amount">Of the order.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record CheckoutState(bool HasArrived, decimal Amount, string Currency);

/// <summary>Looks whether the checkout that was begun last has been paid.</summary>
public sealed class GetCheckoutState(IBillingStore store)
{
    /// <summary>Needs <c>invoices:read</c>. NotFound where no payment of the invoice was begun in the scope.</summary>
    public async Task<Result<CheckoutState>> RunAsync(CallContext call, Guid invoiceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var last = await db.PaymentOrders.Where(order => order.InvoiceId == invoiceId).OrderByDescending(order => order.Id)
            .Select(order => new CheckoutState(order.Status == PaymentOrderStatus.Paid, order.Amount, order.Currency))
            .FirstOrDefaultAsync(cancellationToken);
        return last is null ? Failure.NotFound("payment") : last;
    }
}
