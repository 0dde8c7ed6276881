using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Audit;

/// <summary>Registers the actions on the audit log.</summary>
public static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<ListAuditEntries>();
}
