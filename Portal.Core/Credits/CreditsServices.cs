using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Credits;

public static class CreditsServices
{
    /// <summary>The actions on account credit.</summary>
    public static IServiceCollection AddCredits(this IServiceCollection services)
    {
        services.AddSingleton<GetAccountCredit>();
        return services;
    }
}
