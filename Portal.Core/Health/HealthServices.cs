using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Health;

/// <summary>Registers the checks of what must always hold.</summary>
public static class HealthServices
{
    public static IServiceCollection AddInvariants(this IServiceCollection services) => services.AddSingleton<CheckInvariants>().AddSingleton<LookAtInvariants>();
}
