using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.BillingRuns;

/// <summary>A run and how far it is.</summary>
public sealed record BillingRunDetails(
    Guid Id,
    BillingMonth Month,
    Guid? OrganisationId,
    string? OrganisationName,
    BillingRunState State,
    bool AutoIssue,
    bool Remake,
    int Total,
    int Done,
    int Skipped,
    int Failed,
    int Unpriced,
    int Issued,
    string? Error,
    string StartedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    bool LateOnly = false)
{
    internal static BillingRunDetails Of(BillingRun run, string? organisationName) => new(
        run.Id,
        run.BillingMonth,
        run.OrganisationId,
        organisationName,
        run.State,
        run.AutoIssue,
        run.Remake,
        run.Total,
        run.Done,
        run.Skipped,
        run.Failed,
        run.Unpriced,
        run.Issued,
        run.Error,
        run.StartedBy,
        run.CreatedAt,
        run.StartedAt,
        run.FinishedAt,
        run.LateOnly);
}

/// <summary>One run. Its organisations are in <see cref="ListBillingRunItems"/>, its unpriced usage in <see cref="ListUnpricedUsage"/>.</summary>
public sealed class GetBillingRun(IBillingStore store)
{
    public async Task<Result<BillingRunDetails>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.BillingRunsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.BillingRuns.AsNoTracking().SingleOrDefaultAsync(run => run.Id == id, cancellationToken) is not { } run)
            return Failure.NotFound("billing run");
        var organisationName = await db.Organisations.Where(organisation => organisation.Id == run.OrganisationId).Select(organisation => organisation.Name).SingleOrDefaultAsync(cancellationToken);
        return BillingRunDetails.Of(run, organisationName);
    }
}
