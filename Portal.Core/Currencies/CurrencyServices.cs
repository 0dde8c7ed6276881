using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Currencies;

/// <summary>Registers the actions of this feature.</summary>
public static class CurrencyServices
{
    public static IServiceCollection AddCurrencies(this IServiceCollection services) => services
        .AddSingleton<ListExchangeRates>()
        .AddSingleton<ListExchangeRateGaps>()
        .AddSingleton<CreateExchangeRate>()
        .AddSingleton<EndExchangeRate>()
        .AddSingleton<ImportExchangeRates>();
}
