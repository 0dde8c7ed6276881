using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Settings;

/// <summary>Registers the actions of this feature.</summary>
public static class SettingsServices
{
    public static IServiceCollection AddSettings(this IServiceCollection services) => services
        .AddSingleton<GetSettings>()
        .AddSingleton<SaveSettings>();
}
