using Portal.Core.Payments;
using Portal.Data.Credits;
using Portal.Data.Payments;

namespace Portal.Payments;

public static class PaymentsHosting
{
    /// <summary>Collecting money. Needs the feed of changes and an <see cref="IPaymentGateway"/>.</summary>
    public static IServiceCollection AddPayments(this IServiceCollection services)
    {
        services.AddPaymentActions().AddPaymentsData().AddCreditsData();
        services.AddSingleton<PaymentMeter>();
        services.AddHostedService<ProviderEventWorkers>();
        return services;
    }
}
