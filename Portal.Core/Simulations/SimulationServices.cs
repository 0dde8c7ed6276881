using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Simulations;

/// <summary>Registers the actions on simulations.</summary>
public static class SimulationServices
{
    public static IServiceCollection AddSimulations(this IServiceCollection services) => services
        .AddSingleton<SimulationBell>()
        .AddSingleton<StartSimulation>()
        .AddSingleton<CancelSimulation>()
        .AddSingleton<FindWaitingSimulation>()
        .AddSingleton<RunSimulation>()
        .AddSingleton<GetSimulation>()
        .AddSingleton<ListSimulations>()
        .AddSingleton<ListSimulationResults>();
}
