using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.FirstRun;

public static class FirstRunServices
{
    /// <summary>The first set-up.</summary>
    public static IServiceCollection AddFirstRun(this IServiceCollection services) =>
        services.AddSingleton<GetSetUp>().AddSingleton<DismissSetUp>().AddSingleton<SaveSeller>();
}
