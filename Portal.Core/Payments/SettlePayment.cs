using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Credits;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Ledger;
using Portal.Core.PrepaidCredits;

namespace Portal.Core.Payments;

/// <summary>
/// Takes over how the provider says a payment stands. Only forward, under the lock of the invoice or purchase, and booked once per provider's payment: whatever
/// arrives late, twice or in another order ends in the same state.
/// </summary>
public sealed class SettlePayment(IBillingStore store, IAccountCreditBook credits, IPrepaidBook prepaid, IInvoiceBulk bulk, TimeProvider clock)
{
    private readonly PaymentBooking _booking = new(credits);
    private readonly PurchaseBooking _purchases = new(credits, prepaid, bulk);

    /// <summary>Only for the system: the caller has just read <paramref name="seen"/> from the provider.</summary>
    /// <param name="call">A system call.</param>
    /// <param name="orderId">Our order that the payment was made on.</param>
    /// <param name="seen">How the provider says it stands.</param>
    /// <param name="cancellationToken">Gives up; nothing is booked then.</param>
    public async Task<Result<Settlement>> RunAsync(CallContext call, Guid orderId, GatewayPayment seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(seen);
        if (call.Scope is not AccessScope.System)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var subject = await db.PaymentOrders.Where(row => row.Id == orderId).Select(row => new { row.InvoiceId, row.PrepaidPurchaseId }).SingleOrDefaultAsync(cancellationToken);
        if (subject is null)
            return Failure.NotFound("order");
        // Always the invoice or purchase first, then the order: two settlements never wait for each other.
        var invoice = subject.InvoiceId is { } invoiceId ? await db.LockAsync<Invoice>(invoiceId, cancellationToken) : null;
        var purchase = subject.PrepaidPurchaseId is { } purchaseId ? await db.LockAsync<PrepaidPurchase>(purchaseId, cancellationToken) : null;
        var order = (await db.LockAsync<PaymentOrder>(orderId, cancellationToken))!;
        var payment = await db.Payments.Include(row => row.Allocations).SingleOrDefaultAsync(row => row.ProviderPaymentId == seen.Id, cancellationToken);
        if (payment is not null && (payment.OrganisationId != order.OrganisationId || payment.ProviderOrderId != seen.OrderId))
            return Failure.Conflict("payment_of_another_order", "This provider's payment is booked on another order.");
        if (payment is null)
        {
            payment = Payment.AtProvider(order.OrganisationId, seen.Amount.Currency.Code, seen.Amount.Amount, seen.OrderId ?? order.ProviderOrderId!, seen.Id, seen.Method, now);
            db.Payments.Add(payment);
            db.Audit(call, new AuditRecord("payment.begun", "payment", payment.Id, payment.OrganisationId, null,
                new { payment.ProviderPaymentId, payment.Amount, payment.Currency, order.InvoiceId, order.PrepaidPurchaseId }), now);
        }

        var before = payment.Status;
        await AdvanceAsync(db, call, new Seen(payment, order, invoice, purchase, seen), now, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return new Settlement(payment.Id, payment.Status, payment.Status != before);
    }

    private async Task AdvanceAsync(IBillingDb db, CallContext call, Seen seen, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (payment, order, invoice, purchase, provider) = seen;
        switch (TargetOf(provider))
        {
            case PaymentStatus.Captured when payment.CanCapture:
                payment.Capture(provider.Fee?.Amount, now);
                order.MarkPaid(now);
                await db.SaveAsync(cancellationToken); // The booking looks for orders that are still open: not for this one.
                var booked = purchase is null
                    ? await _booking.RunAsync(db, payment, [invoice!],
                        new MoneyArrival(LedgerKinds.PaymentCaptured, LedgerAccount.ProviderClearing, $"Payment {payment.ProviderPaymentId} of {invoice!.Number}"), now, cancellationToken)
                    : await _purchases.RunAsync(db, call, payment, purchase, now, cancellationToken);
                AuditCapture(db, call, seen, booked, now);
                break;
            case PaymentStatus.Authorized when payment.CanAuthorize:
                payment.Authorize(now);
                db.Audit(call, new AuditRecord("payment.authorized", "payment", payment.Id, payment.OrganisationId, null, new { payment.ProviderPaymentId }), now);
                break;
            case PaymentStatus.Failed when payment.CanFail:
                payment.Fail(provider.Error?.Reason ?? provider.Error?.Code ?? (provider.Status == GatewayPaymentStatus.Refunded ? "returned_uncaptured" : "failed"), now);
                db.Audit(call, new AuditRecord("payment.failed", "payment", payment.Id, payment.OrganisationId, null, new { payment.ProviderPaymentId, payment.FailureReason }), now);
                break;
            default:
                // Nothing new. The wait until the next look grows with it.
                if (payment.CanFail)
                    payment.Checked(now);
                break;
        }
    }

    /// <summary>Where the provider's word leads; null for a word that changes nothing.</summary>
    private static PaymentStatus? TargetOf(GatewayPayment provider) => provider.Status switch
    {
        GatewayPaymentStatus.Captured => PaymentStatus.Captured,
        GatewayPaymentStatus.Authorized => PaymentStatus.Authorized,
        GatewayPaymentStatus.Failed => PaymentStatus.Failed,
        // It was ours before it went back; or the bank set it aside, and nobody took it.
        GatewayPaymentStatus.Refunded => provider.Captured ? PaymentStatus.Captured : PaymentStatus.Failed,
        GatewayPaymentStatus.Created or GatewayPaymentStatus.Unknown => null,
    };

    private static void AuditCapture(IBillingDb db, CallContext call, Seen seen, BookedPayment booked, DateTimeOffset now)
    {
        var (payment, order, invoice, _, provider) = seen;
        db.Audit(call, new AuditRecord("payment.captured", "payment", payment.Id, payment.OrganisationId, null,
            new { payment.ProviderPaymentId, payment.Amount, payment.Currency, order.InvoiceId, order.PrepaidPurchaseId, invoiceStatus = invoice?.Status, booked.Allocated, booked.AccountCredit }), now);
        if (payment.Amount != order.Amount || payment.Currency != order.Currency || provider.Amount.Amount != payment.Amount)
        {
            db.Audit(call, new AuditRecord("payment.amount_mismatch", "payment", payment.Id, payment.OrganisationId,
                new { order.Amount, order.Currency }, new { provider.Amount.Amount, Currency = provider.Amount.Currency.Code, booked = payment.Amount }), now);
        }

        if (provider.AmountRefunded.Amount > 0)
        {
            db.Audit(call, new AuditRecord("payment.refunded_at_provider", "payment", payment.Id, payment.OrganisationId, null,
                new { payment.ProviderPaymentId, AmountRefunded = provider.AmountRefunded.Amount }), now);
        }
    }

    private sealed record Seen(Payment Payment, PaymentOrder Order, Invoice? Invoice, PrepaidPurchase? Purchase, GatewayPayment Provider);
}

/// <summary>What taking over the provider's word came to.</summary>
/// <param name="PaymentId">Ours.</param>
/// <param name="Status">As it stands now.</param>
/// <param name="Changed">False when there was nothing new.</param>
public sealed record Settlement(Guid PaymentId, PaymentStatus Status, bool Changed);
