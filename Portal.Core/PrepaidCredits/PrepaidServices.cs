using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.PrepaidCredits;

public static class PrepaidServices
{
    /// <summary>The actions on prepaid credits, save buying them, which is among the payments.</summary>
    public static IServiceCollection AddPrepaidCredits(this IServiceCollection services) => services
        .AddSingleton<SaveCreditProduct>()
        .AddSingleton<ListCreditProducts>()
        .AddSingleton<GetCreditProduct>()
        .AddSingleton<CreateCreditCost>()
        .AddSingleton<EndCreditCost>()
        .AddSingleton<ListCreditCosts>()
        .AddSingleton<GrantPrepaidCredits>()
        .AddSingleton<ConsumePrepaidCredits>()
        .AddSingleton<GetPrepaidCredits>()
        .AddSingleton<GetPrepaidHistory>()
        .AddSingleton<EnsureVoucherFile>()
        .AddSingleton<ListPrepaidMovements>();
}
