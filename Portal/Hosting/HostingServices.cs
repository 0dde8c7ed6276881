namespace Portal.Hosting;

/// <summary>What the start of the product adds to the host.</summary>
public static class HostingServices
{
    /// <summary>Keeps the embedded database alive, when there is one. To be added before other background services.</summary>
    public static IServiceCollection AddDatabaseSupervision(this IServiceCollection services, DatabaseAddress database)
    {
        ArgumentNullException.ThrowIfNull(database);
        if (database.Embedded is { } server)
        {
            services.AddSingleton(server);
            services.AddHostedService<EmbeddedPostgresSupervisor>();
        }

        return services;
    }
}
