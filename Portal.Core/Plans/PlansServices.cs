using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Plans;

/// <summary>Registers the actions on plans, subscriptions and services.</summary>
public static class PlansServices
{
    public static IServiceCollection AddPlans(this IServiceCollection services) => services
        .AddSingleton<SavePlan>()
        .AddSingleton<ListPlans>()
        .AddSingleton<StartSubscription>()
        .AddSingleton<ChangeSubscription>()
        .AddSingleton<CancelSubscription>()
        .AddSingleton<AdvanceSubscriptions>()
        .AddSingleton<ListSubscriptions>()
        .AddSingleton<GetSubscription>()
        .AddSingleton<SaveService>();
}
