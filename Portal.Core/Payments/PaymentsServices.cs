using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Credits;
using Portal.Core.Discounts;
using Portal.Core.Ledger;
using Portal.Core.PrepaidCredits;

namespace Portal.Core.Payments;

public static class PaymentsServices
{
    /// <summary>The actions that collect money, and what account credit and the ledger answer. Needs an <see cref="IPaymentGateway"/>.</summary>
    public static IServiceCollection AddPaymentActions(this IServiceCollection services)
    {
        services.AddSingleton<PaymentsAvailability>();
        services.AddSingleton<OpenPaymentOrder>();
        services.AddSingleton<StartPayment>();
        services.AddSingleton<ConfirmCheckout>();
        services.AddSingleton<SettlePayment>();
        services.AddSingleton<ReconcileOrder>();
        services.AddSingleton<ReconcilePayments>();
        services.AddSingleton<ReceiveWebhook>();
        services.AddSingleton<ProcessProviderEvent>();
        services.AddSingleton<RecordPayment>();
        services.AddSingleton<CertifyTds>();
        services.AddSingleton<ListPayments>();
        services.AddSingleton<ListProviderEvents>();
        services.AddSingleton<RetryProviderEvent>();
        services.AddSingleton<GetPayment>();
        services.AddSingleton<GetCheckoutState>();
        services.AddSingleton<GetReceiptDocument>();
        services.AddSingleton<StartPrepaidPurchase>();
        services.AddSingleton<QuotePrepaidPurchase>();
        services.AddSingleton<GetPrepaidPurchase>();
        services.AddSingleton<ListPrepaidPurchases>();
        return services.AddCredits().AddPrepaidCredits().AddDiscounts().AddLedger();
    }
}
