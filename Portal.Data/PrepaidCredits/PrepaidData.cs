using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core.PrepaidCredits;

namespace Portal.Data.PrepaidCredits;

public static class PrepaidData
{
    /// <summary>What prepaid credits need of the database. May be called more than once.</summary>
    public static IServiceCollection AddPrepaidData(this IServiceCollection services)
    {
        services.TryAddSingleton<IPrepaidBook, PrepaidBook>();
        services.TryAddSingleton<IPrepaidHistory, PrepaidHistory>();
        return services;
    }
}
