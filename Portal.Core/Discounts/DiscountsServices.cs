using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Discounts;

public static class DiscountsServices
{
    /// <summary>The actions on discounts.</summary>
    public static IServiceCollection AddDiscounts(this IServiceCollection services) => services
        .AddSingleton<CreateDiscount>()
        .AddSingleton<WithdrawDiscount>()
        .AddSingleton<ListDiscounts>()
        .AddSingleton<GetDiscount>()
        .AddSingleton<ListDiscountHolders>()
        .AddSingleton<GiveDiscount>()
        .AddSingleton<RedeemDiscountCode>()
        .AddSingleton<EndOrganisationDiscount>()
        .AddSingleton<ListOrganisationDiscounts>();
}
