using Portal.Core.Access;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Payments;
using Portal.Core.PrepaidCredits;

namespace Portal.Demo;

/// <summary>What was paid online, as the checkout leaves it: the provider is not there to be asked while the demo is made.</summary>
internal sealed class DemoCheckout(DemoActions actions, IBillingStore store)
{
    // Of what the provider takes, its tax included.
    private const decimal FeeShare = 0.0236m;

    private static readonly CallContext s_call = CallContext.System("demo", "Makes the demo");

    /// <summary>Pays an order that is written down and not open yet, at once and whole.</summary>
    /// <param name="order">Not stored yet.</param>
    /// <param name="number">Of its kind; makes the provider's ids.</param>
    /// <param name="method">The provider's word for it.</param>
    /// <param name="at">When.</param>
    /// <param name="purchase">What is bought, when it is credits; stored with the order.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task PayAsync(PaymentOrder order, string number, string method, DateTimeOffset at, PrepaidPurchase? purchase, CancellationToken cancellationToken)
    {
        order.Opened($"order_Demo{number}", at);
        await using (var db = await store.OpenAsync(s_call.Scope, cancellationToken))
        {
            if (purchase is not null)
                db.PrepaidPurchases.Add(purchase);
            db.PaymentOrders.Add(order);
            await db.CommitAsync(cancellationToken);
        }

        var currency = Currency.Of(order.Currency);
        var fee = new Money(currency.Round(order.Amount * FeeShare), currency);
        var seen = new GatewayPayment(
            $"pay_Demo{number}", order.ProviderOrderId, new Money(order.Amount, currency), GatewayPaymentStatus.Captured, true, new Money(0, currency), method, null,
            fee, null, null, new Dictionary<string, string>(StringComparer.Ordinal), at);
        (await actions.Get<SettlePayment>().RunAsync(s_call, order.Id, seen, cancellationToken)).Expect();
    }
}
