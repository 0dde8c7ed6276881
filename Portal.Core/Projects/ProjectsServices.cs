using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Projects;

/// <summary>Registers the actions of this feature.</summary>
public static class ProjectsServices
{
    public static IServiceCollection AddProjects(this IServiceCollection services) => services
        .AddSingleton<SaveProject>()
        .AddSingleton<GetProject>()
        .AddSingleton<ListProjects>();
}
