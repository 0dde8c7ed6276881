using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Outbox;

namespace Portal.Data.Outbox;

public static class OutboxData
{
    /// <summary>What the outbox needs of the database.</summary>
    public static IServiceCollection AddOutboxData(this IServiceCollection services) => services.AddSingleton<IOutboxQueue, OutboxQueue>();
}
