using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Outbox;

namespace Portal.Core.Payments;

/// <summary>
/// Works off one stored webhook. The event only says which order to look at; what is booked is what the provider answers now, so that the order in which
/// events come does not matter.
/// </summary>
public sealed class ProcessProviderEvent(IBillingStore store, IProviderInbox inbox, IPaymentGateway gateway, ReconcileOrder reconcile, SettlePayment settle, TimeProvider clock, ILogger<ProcessProviderEvent> logger)
{
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(5);

    private static readonly CallContext s_call = CallContext.System("provider-events", "a provider's event names an order, not its owner");

    /// <summary>Takes up one event that is due; false when there is none.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (await inbox.ClaimAsync(clock.GetUtcNow(), s_lease, cancellationToken) is not { } claimed)
            return false;
        try
        {
            var outcome = await HandleAsync(claimed, cancellationToken);
            if (outcome.Succeeded)
                await inbox.ProcessedAsync(claimed, outcome.Value, clock.GetUtcNow(), CancellationToken.None);
            else
                await FailedAsync(claimed, $"{outcome.Failure.Code}: {outcome.Failure.Message}", null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await FailedAsync(claimed, exception.Message, exception);
        }

        return true;
    }

    // The note on what came of it, or why it has to be tried again.
    private async Task<Result<string>> HandleAsync(ProviderEvent claimed, CancellationToken cancellationToken)
    {
        if (!gateway.TryReadWebhook(claimed.Body, out var read))
            return "unreadable";
        if (!IsOurs(read.Type))
            return "ignored: not a kind that is used";
        if ((read.Payment?.OrderId ?? read.Order?.Id) is not { } providerOrderId)
            return "ignored: it names no order";
        var known = await FindAsync(providerOrderId, cancellationToken);
        if (!known.Succeeded)
            return known.Failure;
        if (known.Value is not { } orderId)
            return $"ignored: {providerOrderId} is not ours";
        var result = await reconcile.RunAsync(s_call, orderId, cancellationToken);
        if (!result.Succeeded)
            return result.Failure;
        return read.Payment is { } payment && !await IsBookedAsync(payment.Id, cancellationToken)
            ? await SettleNamedAsync(orderId, providerOrderId, payment.Id, cancellationToken)
            : read.Refund is not null ? "read again; refunds at the provider are not booked" : result.Value.Changed ? "booked" : "nothing new";
    }

    private static bool IsOurs(string type) =>
        type.StartsWith("payment.", StringComparison.Ordinal) || type.StartsWith("order.", StringComparison.Ordinal) || type.StartsWith("refund.", StringComparison.Ordinal);

    // The event may be faster than the answer to our own request: then the order's receipt leads to it.
    private async Task<Result<Guid?>> FindAsync(string providerOrderId, CancellationToken cancellationToken)
    {
        await using (var db = await store.OpenAsync(s_call.Scope, cancellationToken))
        {
            if (await db.PaymentOrders.Where(row => row.ProviderOrderId == providerOrderId).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken) is { } known)
                return (Guid?)known;
        }

        var answer = await gateway.GetOrderAsync(providerOrderId, cancellationToken);
        switch (answer)
        {
            case GatewayResult<GatewayOrder>.Refused { Code: GatewayRefusal.NotFound }:
                return (Guid?)null;
            case GatewayResult<GatewayOrder>.Done { Value.Receipt: { Length: > 0 } receipt }:
                await using (var db = await store.OpenAsync(s_call.Scope, cancellationToken))
                    return await db.PaymentOrders.Where(row => row.Receipt == receipt && row.ProviderOrderId == null).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken);
            case GatewayResult<GatewayOrder>.Done:
                return (Guid?)null;
            default:
                return Failure.Unavailable("gateway_unknown", answer.Match(_ => "", refused => refused.Code, unknown => unknown.Why));
        }
    }

    private async Task<bool> IsBookedAsync(string providerPaymentId, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_call.Scope, cancellationToken);
        return await db.Payments.AnyAsync(row => row.ProviderPaymentId == providerPaymentId, cancellationToken);
    }

    // The list of an order's payments may lag behind its events.
    private async Task<Result<string>> SettleNamedAsync(Guid orderId, string providerOrderId, string providerPaymentId, CancellationToken cancellationToken)
    {
        var answer = await gateway.GetPaymentAsync(providerPaymentId, cancellationToken);
        if (answer is not GatewayResult<GatewayPayment>.Done { Value: var seen })
            return Failure.Unavailable("gateway_unknown", answer.Match(_ => "", refused => refused.Code, unknown => unknown.Why));
        if (seen.OrderId != providerOrderId)
            return "ignored: the payment is not on the order that the event names";
        var settled = await settle.RunAsync(s_call, orderId, seen, cancellationToken);
        return settled.Succeeded ? "booked" : settled.Failure;
    }

    private async Task FailedAsync(ProviderEvent claimed, string error, Exception? exception)
    {
        var now = clock.GetUtcNow();
        if (RetrySchedule.After(claimed.Attempts) is { } pause)
        {
            Log.EventFailed(logger, exception, claimed.Id, claimed.Attempts, now + pause);
            await inbox.RetryAsync(claimed, error, now + pause, CancellationToken.None);
        }
        else
        {
            Log.EventDead(logger, exception, claimed.Id, claimed.Attempts);
            await inbox.GiveUpAsync(claimed, error, now, CancellationToken.None);
        }
    }
}
