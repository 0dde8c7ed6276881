using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Health;

namespace Portal.Data.Health;

/// <summary>Registers the queries of the invariants.</summary>
public static class HealthDataServices
{
    public static IServiceCollection AddInvariantData(this IServiceCollection services) => services.AddSingleton<IInvariantProbe, InvariantProbe>();
}
