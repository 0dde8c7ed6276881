using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Payments;

/// <summary>
/// The janitor: asks the provider about every order and payment whose end we don't know, so that no webhook is ever needed to get the truth. Run it each
/// minute; what is asked grows rarer with age: each minute for ten minutes, each five for an hour, each hour for a day, then daily.
/// </summary>
public sealed class ReconcilePayments(IBillingStore store, IPaymentGateway gateway, ReconcileOrder reconcile, TimeProvider clock, ILogger<ReconcilePayments> logger)
{
    /// <summary>Orders and payments asked about in one run.</summary>
    public const int Batch = 100;

    private const int OpenDays = 30;
    private const int ReplacedDays = 5;

    /// <summary>Only for the system. May run twice and at once; does nothing while no keys are configured.</summary>
    public async Task<Result<ReconciliationReport>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Scope is not AccessScope.System)
            return Failure.Forbidden();
        if (!gateway.IsConfigured)
            return new ReconciliationReport(0, 0, 0, 0);
        var asked = 0;
        var changed = 0;
        var unanswered = 0;
        foreach (var orderId in await DueAsync(call, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            asked++;
            try
            {
                var result = await reconcile.RunAsync(call, orderId, cancellationToken);
                changed += result.Succeeded && result.Value.Changed ? 1 : 0;
                unanswered += result.Succeeded ? 0 : 1;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // One order that can't be worked off keeps no other waiting; it is due again by the schedule.
                unanswered++;
                Log.OrderNotReconciled(logger, exception, orderId);
            }
        }

        return new ReconciliationReport(asked, changed, unanswered, await CloseAbandonedAsync(call, cancellationToken));
    }

    private async Task<IReadOnlyList<Guid>> DueAsync(CallContext call, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset tenMinutes = now.AddMinutes(-10), hour = now.AddHours(-1), day = now.AddDays(-1), month = now.AddDays(-OpenDays), replaced = now.AddDays(-ReplacedDays);
        DateTimeOffset minuteAgo = now.AddMinutes(-1), fiveAgo = now.AddMinutes(-5);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var orders = await db.PaymentOrders
            .Where(order => order.Status != PaymentOrderStatus.Paid && order.CreatedAt > month
                && (order.Status != PaymentOrderStatus.Closed || (order.ProviderOrderId != null && order.CreatedAt > replaced))
                && order.UpdatedAt <= (order.CreatedAt > tenMinutes ? minuteAgo : order.CreatedAt > hour ? fiveAgo : order.CreatedAt > day ? hour : day))
            .OrderBy(order => order.UpdatedAt).Take(Batch).Select(order => order.Id).ToListAsync(cancellationToken);
        // Further attempts on an order that is paid or no longer asked about.
        var attempts = await db.Payments
            .Where(payment => (payment.Status == PaymentStatus.Pending || payment.Status == PaymentStatus.Authorized) && payment.CreatedAt > month
                && payment.UpdatedAt <= (payment.CreatedAt > tenMinutes ? minuteAgo : payment.CreatedAt > hour ? fiveAgo : payment.CreatedAt > day ? hour : day))
            .OrderBy(payment => payment.UpdatedAt).Take(Batch)
            .Join(db.PaymentOrders, payment => payment.ProviderOrderId, order => order.ProviderOrderId, (_, order) => order.Id).ToListAsync(cancellationToken);
        return [.. orders.Concat(attempts).Distinct().Take(Batch)];
    }

    private async Task<int> CloseAbandonedAsync(CallContext call, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var month = now.AddDays(-OpenDays);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var old = await db.PaymentOrders
            .Where(order => order.CreatedAt <= month
                && (order.Status == PaymentOrderStatus.Intended || order.Status == PaymentOrderStatus.Open || order.Status == PaymentOrderStatus.Unknown))
            .OrderBy(order => order.Id).Take(Batch).Select(order => order.Id).ToListAsync(cancellationToken);
        foreach (var id in old)
        {
            if (await db.LockAsync<PaymentOrder>(id, cancellationToken) is { IsOpen: true } order)
                order.Close("abandoned", now);
        }

        await db.CommitAsync(cancellationToken);
        return old.Count;
    }
}

/// <summary>What a run did.</summary>
/// <param name="Asked">Orders that the provider was asked about.</param>
/// <param name="Changed">Orders on which something was taken over.</param>
/// <param name="Unanswered">Orders on which the provider did not say; asked again later.</param>
/// <param name="Abandoned">Orders closed because nobody paid them for a month.</param>
public sealed record ReconciliationReport(int Asked, int Changed, int Unanswered, int Abandoned);
