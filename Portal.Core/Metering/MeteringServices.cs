using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Metering;

/// <summary>Registers what this folder does.</summary>
public static class MeteringServices
{
    /// <summary>The intake of usage and the questions about it. The host binds <see cref="IngestOptions"/> and brings the ports.</summary>
    public static IServiceCollection AddMetering(this IServiceCollection services)
    {
        services.AddSingleton<IngestMetrics>();
        services.AddSingleton<IngestQueue>();
        services.AddSingleton<CheckUsageDrift>();
        services.AddSingleton<GetUsageMonth>();
        services.AddSingleton<ListUsageEvents>();
        services.AddSingleton<GetUsageEvent>();
        services.AddSingleton<QueryUsage>();
        services.AddSingleton<ListMetrics>();
        services.AddSingleton<GetMetric>();
        services.AddSingleton<DefineMetric>();
        return services;
    }
}
