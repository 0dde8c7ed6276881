using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Projects;

/// <summary>One project.</summary>
public sealed class GetProject(IBillingStore store)
{
    public async Task<Result<Project>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.ProjectsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await db.Projects.AsNoTracking().SingleOrDefaultAsync(project => project.Id == id, cancellationToken) is { } found
            ? found
            : Failure.NotFound("project");
    }
}
