using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Search;
using Portal.Data.Audit;
using Portal.Data.Kernel;
using Portal.Data.Search;

namespace Portal.Data;

/// <summary>Registers what this project gives.</summary>
public static class DataServices
{
    /// <summary>The data source, the sessions, and the context that ASP.NET Core Identity works on.</summary>
    public static IServiceCollection AddBillingData(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton(_ => new NpgsqlDataSourceBuilder(connectionString).Build());
        services.AddDbContextFactory<BillingDbContext>((provider, options) => options.UseBilling(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<IBillingStore, BillingStore>();
        services.AddSingleton<IAuditChain, AuditChain>();
        services.AddSingleton<ISearchBook, SearchBook>();
        return services;
    }
}
