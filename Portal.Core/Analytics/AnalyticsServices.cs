using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Analytics;

/// <summary>Registers the actions of this feature.</summary>
public static class AnalyticsServices
{
    public static IServiceCollection AddAnalytics(this IServiceCollection services) => services
        .AddSingleton<GetPlatformOverview>()
        .AddSingleton<GetBilledAndCollected>()
        .AddSingleton<GetOrganisationOverview>()
        .AddSingleton<GetAccountSummary>()
        .AddSingleton<GetPlatformUsage>()
        .AddSingleton<EstimateMonthCost>()
        .AddSingleton<KeepMrr>()
        .AddSingleton<KeepRevenue>()
        .AddSingleton<GetMrr>()
        .AddSingleton<GetMrrNow>()
        .AddSingleton<ListMrrMovements>()
        .AddSingleton<GetRevenue>()
        .AddSingleton<GetCohorts>();
}
