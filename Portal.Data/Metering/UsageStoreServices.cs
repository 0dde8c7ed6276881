using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core.Metering;

namespace Portal.Data.Metering;

/// <summary>Registers what metering needs of PostgreSQL.</summary>
public static class UsageStoreServices
{
    /// <summary>The store of events, its recount and the look-up of project keys. Needs an <see cref="Npgsql.NpgsqlDataSource"/>.</summary>
    public static IServiceCollection AddUsageStore(this IServiceCollection services)
    {
        services.AddSingleton<IUsageEventStore, UsageEventStore>();
        services.AddSingleton<IProjectKeys, ProjectKeys>();
        services.AddSingleton<IUsageRecount, UsageRecount>();
        return services.AddUsageMeasures();
    }

    /// <summary>What usage comes to by the rules of the catalogue: for questions and for billing alike.</summary>
    internal static IServiceCollection AddUsageMeasures(this IServiceCollection services)
    {
        services.TryAddSingleton<IUsageMeasures, UsageMeasures>();
        return services;
    }
}
