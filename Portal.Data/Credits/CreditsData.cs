using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core.Credits;
using Portal.Core.Invoicing;
using Portal.Data.Invoicing;
using Portal.Data.PrepaidCredits;

namespace Portal.Data.Credits;

public static class CreditsData
{
    /// <summary>What account credit, prepaid credits and the numbers of their vouchers need of the database.</summary>
    public static IServiceCollection AddCreditsData(this IServiceCollection services)
    {
        services.TryAddSingleton<IInvoiceBulk, InvoiceBulk>();
        return services.AddPrepaidData().AddSingleton<IAccountCreditBook, AccountCreditBook>();
    }
}
