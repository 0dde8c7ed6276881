using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Search;

/// <summary>Registers the search.</summary>
public static class SearchServices
{
    public static IServiceCollection AddSearch(this IServiceCollection services) => services.AddSingleton<FindAnything>();
}
