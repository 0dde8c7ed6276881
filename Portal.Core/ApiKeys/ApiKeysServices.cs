using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.ApiKeys;

/// <summary>Registers the actions of this feature.</summary>
public static class ApiKeysServices
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services) => services
        .AddSingleton<IssueApiKey>()
        .AddSingleton<RotateApiKey>()
        .AddSingleton<RevokeApiKey>()
        .AddSingleton<ListApiKeys>();
}
