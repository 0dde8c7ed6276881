using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Pricing;

/// <summary>Registers the actions on prices.</summary>
public static class PricingServices
{
    public static IServiceCollection AddPricing(this IServiceCollection services) => services
        .AddSingleton<CreatePrice>()
        .AddSingleton<EndPrice>()
        .AddSingleton<GetPrice>()
        .AddSingleton<ListPrices>()
        .AddSingleton<QuotePrice>();
}
