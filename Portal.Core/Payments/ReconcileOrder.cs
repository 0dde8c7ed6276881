using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.PrepaidCredits;

namespace Portal.Core.Payments;

/// <summary>Asks the provider how one of our orders stands and takes that over: every payment on it, and the order's own id where we never heard it.</summary>
public sealed class ReconcileOrder(IBillingStore store, IPaymentGateway gateway, OpenPaymentOrder open, SettlePayment settle, TimeProvider clock)
{
    // Looked for once a minute; the provider's own index may lag behind.
    private static readonly TimeSpan s_lost = TimeSpan.FromMinutes(10);

    // Accounts normally capture by themselves, at once.
    private static readonly TimeSpan s_uncaptured = TimeSpan.FromMinutes(5);

    /// <summary>Only for the system. May run twice and at once.</summary>
    /// <returns>Unavailable <c>gateway_unknown</c> when the provider does not say.</returns>
    public async Task<Result<OrderReconciliation>> RunAsync(CallContext call, Guid orderId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Scope is not AccessScope.System)
            return Failure.Forbidden();
        var order = await ReadAsync(call, orderId, cancellationToken);
        if (order is null)
            return Failure.NotFound("order");
        if (order.ProviderOrderId is null)
        {
            if (!order.IsOpen)
                return new OrderReconciliation(order.Id, order.InvoiceId, order.Status, []);
            var found = await open.RunAsync(call, order, isNew: false, mayCreate: false);
            if (!found.Succeeded)
                return found.Failure.Kind == FailureKind.NotFound ? await NotThereAsync(call, order, cancellationToken) : found.Failure;
            order = found.Value;
        }

        var answer = await gateway.ListOrderPaymentsAsync(order.ProviderOrderId!, cancellationToken);
        if (answer is not GatewayResult<IReadOnlyList<GatewayPayment>>.Done payments)
        {
            // Asked again by the schedule, and not at once.
            await CheckedAsync(call, orderId, cancellationToken);
            return Failure.Unavailable("gateway_unknown", answer.Match(_ => "", refused => refused.Code, unknown => unknown.Why));
        }

        var settled = new List<Settlement>();
        foreach (var seen in payments.Value)
        {
            var settlement = await settle.RunAsync(call, orderId, await TakeAsync(call, order, seen, cancellationToken), cancellationToken);
            if (!settlement.Succeeded)
                return settlement.Failure;
            settled.Add(settlement.Value);
        }

        return new OrderReconciliation(order.Id, order.InvoiceId, await CheckedAsync(call, orderId, cancellationToken), settled);
    }

    // Money that the bank has set aside and the provider was told not to take by itself: it goes back after some days. Taken while the invoice
    // or purchase still needs all of it.
    private async Task<GatewayPayment> TakeAsync(CallContext call, PaymentOrder order, GatewayPayment seen, CancellationToken cancellationToken)
    {
        if (seen.Status != GatewayPaymentStatus.Authorized || clock.GetUtcNow() - seen.CreatedAt < s_uncaptured)
            return seen;
        await using (var db = await store.OpenAsync(call.Scope, cancellationToken))
        {
            if (!await NeedsAsync(db, order, seen, cancellationToken))
                return seen;
        }

        return await gateway.CapturePaymentAsync(seen.Id, seen.Amount, cancellationToken) is GatewayResult<GatewayPayment>.Done taken ? taken.Value : seen;
    }

    private static async Task<bool> NeedsAsync(IBillingDb db, PaymentOrder order, GatewayPayment seen, CancellationToken cancellationToken)
    {
        if (order.PrepaidPurchaseId is { } purchaseId)
        {
            var purchase = await db.PrepaidPurchases.AsNoTracking().SingleAsync(row => row.Id == purchaseId, cancellationToken);
            return purchase.Status == PrepaidPurchaseStatus.Pending && purchase.Currency == seen.Amount.Currency.Code && purchase.Total == seen.Amount.Amount;
        }

        var invoice = await db.Invoices.AsNoTracking().SingleAsync(row => row.Id == order.InvoiceId, cancellationToken);
        return invoice.IsOpen && invoice.Currency == seen.Amount.Currency.Code && invoice.AmountDue >= seen.Amount.Amount;
    }

    private async Task<Result<OrderReconciliation>> NotThereAsync(CallContext call, PaymentOrder order, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var locked = (await db.LockAsync<PaymentOrder>(order.Id, cancellationToken))!;
        if (locked.Status is PaymentOrderStatus.Intended or PaymentOrderStatus.Unknown)
        {
            if (now - locked.CreatedAt >= s_lost)
                locked.Close("never_reached_provider", now);
            else
                locked.Checked(now);
            await db.CommitAsync(cancellationToken);
        }

        return new OrderReconciliation(locked.Id, locked.InvoiceId, locked.Status, []);
    }

    private async Task<PaymentOrder?> ReadAsync(CallContext call, Guid orderId, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await db.PaymentOrders.AsNoTracking().SingleOrDefaultAsync(row => row.Id == orderId, cancellationToken);
    }

    private async Task<PaymentOrderStatus> CheckedAsync(CallContext call, Guid orderId, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var order = (await db.LockAsync<PaymentOrder>(orderId, cancellationToken))!;
        if (order.Status != PaymentOrderStatus.Paid)
        {
            order.Checked(clock.GetUtcNow());
            await db.CommitAsync(cancellationToken);
        }

        return order.Status;
    }
}

/// <summary>How an order stands after the provider was asked.</summary>
public sealed record OrderReconciliation(Guid OrderId, Guid? InvoiceId, PaymentOrderStatus Status, IReadOnlyList<Settlement> Payments)
{
    /// <summary>True when something was taken over.</summary>
    public bool Changed => Payments.Any(payment => payment.Changed);
}
