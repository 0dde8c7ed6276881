using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Analytics;

/// <summary>Registers the actions of this feature.</summary>
public static class AnalyticsServices
{
    public static IServiceCollection AddAnalytics(this IServiceCollection services) => services
        .AddSingleton<GetPlatformOverview>()
        .AddSingleton<GetRevenue>()
        .AddSingleton<GetOrganisationOverview>()
        .AddSingleton<EstimateMonthCost>();
}
