using Portal.Endpoints.Admin;
using Portal.Core.Metering;
using Portal.Data.Metering;

namespace Portal.Endpoints.Ingest;

/// <summary>Registers and maps the intake of usage.</summary>
public static class IngestServices
{
    /// <summary>Everything that <see cref="MapIngest"/> needs. Before it: the data source, the feed of changes and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddIngest(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<IngestOptions>().Bind(configuration.GetSection("Ingest")).ValidateDataAnnotations().ValidateOnStart();
        services.AddMetering();
        services.AddUsageStore();
        services.AddSingleton<IngestKeyCache>();
        services.AddSingleton<IngestBudget>();
        services.AddSingleton<ProjectKeyGate>();
        services.AddSingleton<IngestEndpoint>();
        services.AddSingleton<KeyUses>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyUses>());
        services.AddHostedService<IngestWriters>();
        return services;
    }

    /// <summary>The endpoints that project keys open. Ingest runs as soon as its route is found, past all middleware that follows the routing.</summary>
    public static IEndpointRouteBuilder MapIngest(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var ingest = endpoints.ServiceProvider.GetRequiredService<IngestEndpoint>();
        endpoints.MapPost("/api/v1/ingest", (RequestDelegate)ingest.HandleAsync).DescribeIngest().AllowAnonymous().ShortCircuit();
        endpoints.MapGet("/api/v1/usage", UsageEndpoint.ReadAsync).AllowAnonymous().Produces<ListBody<UsageItem>>().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .WithTags("Usage").WithSummary("Totals of the project's usage by hour, day or month, in the organisation's zone");
        return endpoints;
    }
}
