using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Ledger;

public static class LedgerServices
{
    /// <summary>The questions that the ledger answers.</summary>
    public static IServiceCollection AddLedger(this IServiceCollection services)
    {
        services.AddSingleton<TrialBalance>();
        services.AddSingleton<ListLedgerTransactions>();
        services.AddSingleton<GetOrganisationBalance>();
        return services;
    }
}
