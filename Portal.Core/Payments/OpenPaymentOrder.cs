using Portal.Core.Access;
using Portal.Core.Currencies;
using Portal.Core.Kernel;

namespace Portal.Core.Payments;

/// <summary>
/// Brings a written intent to the provider and keeps what became of it. An intent whose outcome is not known is looked up by its receipt before
/// anything is asked again; a second order of one receipt could only arise where the first was never handed to anybody.
/// </summary>
public sealed class OpenPaymentOrder(IBillingStore store, IPaymentGateway gateway, TimeProvider clock)
{
    /// <summary>Returns the order, open, with the provider's id.</summary>
    /// <param name="call">The scope that the order is in.</param>
    /// <param name="intent">As committed; intended or unknown.</param>
    /// <param name="isNew">True when this call wrote the intent, so that nobody can have asked the provider before.</param>
    /// <param name="mayCreate">False: only look whether the provider knows it.</param>
    /// <returns>Unavailable <c>payment_unknown</c> when the provider does not say; NotFound when it knows nothing of it and none was to be created.</returns>
    public async Task<Result<PaymentOrder>> RunAsync(CallContext call, PaymentOrder intent, bool isNew, bool mayCreate)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(intent);
        if (!isNew && await LookUpAsync(call, intent) is { } known)
            return known;
        if (!mayCreate)
            return Failure.NotFound("order at the provider");
        // Not the caller's token, here and below: once begun, the outcome is written down even when the customer has closed the page.
        var answer = await gateway.CreateOrderAsync(RequestOf(intent), CancellationToken.None);
        return answer switch
        {
            GatewayResult<GatewayOrder>.Done done => await StoreAsync(call, intent.Id, done.Value),
            GatewayResult<GatewayOrder>.Refused refused => await RefuseAsync(call, intent.Id, refused),
            GatewayResult<GatewayOrder>.Unknown unknown => await LookUpAsync(call, intent) ?? await DoubtAsync(call, intent.Id, unknown.Why),
            _ => throw new InvalidOperationException("The set of outcomes is closed."),
        };
    }

    private static GatewayOrderRequest RequestOf(PaymentOrder intent) => new(
        new Money(intent.Amount, Currency.Of(intent.Currency)),
        intent.Receipt,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["organisation"] = intent.OrganisationId.ToString(),
            [intent.InvoiceId is null ? "purchase" : "invoice"] = (intent.InvoiceId ?? intent.PrepaidPurchaseId)!.Value.ToString(),
            ["intent"] = intent.Id.ToString(),
        });

    // Null: the provider certainly knows no such order.
    private async Task<Result<PaymentOrder>?> LookUpAsync(CallContext call, PaymentOrder intent)
    {
        var answer = await gateway.FindOrdersByReceiptAsync(intent.Receipt, CancellationToken.None);
        if (answer is not GatewayResult<IReadOnlyList<GatewayOrder>>.Done found)
            return await DoubtAsync(call, intent.Id, answer.Match(_ => "", refused => refused.Code, unknown => unknown.Why));
        var amount = new Money(intent.Amount, Currency.Of(intent.Currency));
        return found.Value.FirstOrDefault(order => order.Receipt == intent.Receipt && order.Amount == amount) is { } match
            ? await StoreAsync(call, intent.Id, match)
            : null;
    }

    private async Task<Result<PaymentOrder>> StoreAsync(CallContext call, Guid orderId, GatewayOrder known)
    {
        await using var db = await store.OpenAsync(call.Scope, CancellationToken.None);
        if (await db.LockAsync<PaymentOrder>(orderId, CancellationToken.None) is not { } order)
            return Failure.NotFound("order");
        switch (order.Status)
        {
            case PaymentOrderStatus.Intended or PaymentOrderStatus.Unknown:
                order.Opened(known.Id, clock.GetUtcNow());
                await db.CommitAsync(CancellationToken.None);
                return order;
            case PaymentOrderStatus.Open or PaymentOrderStatus.Paid:
                return order; // Somebody was faster.
            case PaymentOrderStatus.Closed:
                return Failure.Conflict("payment_replaced", "This payment was replaced by a newer one. Start again.");
            default:
                throw new InvalidOperationException($"{order.Status} is not known.");
        }
    }

    private async Task<Result<PaymentOrder>> RefuseAsync(CallContext call, Guid orderId, GatewayResult<GatewayOrder>.Refused refused)
    {
        await using var db = await store.OpenAsync(call.Scope, CancellationToken.None);
        if (await db.LockAsync<PaymentOrder>(orderId, CancellationToken.None) is { Status: PaymentOrderStatus.Intended or PaymentOrderStatus.Unknown } order)
        {
            order.Close(refused.Reason is { } reason ? $"{refused.Code}: {reason}" : refused.Code, clock.GetUtcNow());
            await db.CommitAsync(CancellationToken.None);
        }

        return refused.Code switch
        {
            GatewayRefusal.NotConfigured => PaymentFailures.Off(),
            GatewayRefusal.AmountNotPayable => Failure.Invalid("amount", "The payment provider can't accept this amount. Pay by bank transfer instead.", "amount_not_payable"),
            GatewayRefusal.RateLimited => Failure.Unavailable("gateway_busy", "The payment provider is busy. Try again in a minute."),
            _ => Failure.Unavailable("gateway_refused", "The payment provider refused the payment. Nothing was charged. Try again later or pay by bank transfer."),
        };
    }

    private async Task<Result<PaymentOrder>> DoubtAsync(CallContext call, Guid orderId, string why)
    {
        await using var db = await store.OpenAsync(call.Scope, CancellationToken.None);
        if (await db.LockAsync<PaymentOrder>(orderId, CancellationToken.None) is { Status: PaymentOrderStatus.Intended or PaymentOrderStatus.Unknown } order)
        {
            order.OutcomeUnknown(why, clock.GetUtcNow());
            await db.CommitAsync(CancellationToken.None);
        }

        return Failure.Unavailable("payment_unknown", "The payment provider did not answer. Nothing was charged. Try again in a minute.");
    }
}
