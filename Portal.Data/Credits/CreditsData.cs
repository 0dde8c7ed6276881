using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Credits;

namespace Portal.Data.Credits;

public static class CreditsData
{
    /// <summary>What account credit needs of the database.</summary>
    public static IServiceCollection AddCreditsData(this IServiceCollection services) => services.AddSingleton<IAccountCreditBook, AccountCreditBook>();
}
