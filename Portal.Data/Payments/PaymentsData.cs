using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Payments;

namespace Portal.Data.Payments;

public static class PaymentsData
{
    /// <summary>What collecting money needs of the database.</summary>
    public static IServiceCollection AddPaymentsData(this IServiceCollection services) => services.AddSingleton<IProviderInbox, ProviderInbox>();
}
