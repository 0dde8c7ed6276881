using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Audit;

/// <summary>Registers the actions of this feature.</summary>
public static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddSingleton<ListHistory>()
        .AddSingleton<ListAuditEntries>()
        .AddSingleton<SealAudit>()
        .AddSingleton<VerifyAudit>()
        .AddSingleton<GetAuditChain>();
}
