using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Data.Kernel;

/// <summary>Opens sessions on PostgreSQL.</summary>
public sealed class BillingStore(IDbContextFactory<BillingDbContext> contexts) : IBillingStore
{
    public async Task<IBillingDb> OpenAsync(AccessScope scope, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken);
        try
        {
            await context.BeginAsync(scope, cancellationToken);
            return context;
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }
    }
}
