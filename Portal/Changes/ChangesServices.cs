using Npgsql;

namespace Portal.Changes;

/// <summary>Registers the feed of changes.</summary>
public static class ChangesServices
{
    /// <summary>The feed, listening from the start of the host. Needs an <see cref="NpgsqlDataSource"/>.</summary>
    public static IServiceCollection AddDatabaseChanges(this IServiceCollection services)
    {
        services.AddSingleton<DatabaseChanges>();
        services.AddSingleton<IDatabaseChanges>(provider => provider.GetRequiredService<DatabaseChanges>());
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseChanges>());
        return services;
    }
}
