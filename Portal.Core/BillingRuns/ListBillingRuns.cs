using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.BillingRuns;

/// <summary>Which runs are asked for; what is null or false does not apply.</summary>
/// <param name="State">How far they are.</param>
/// <param name="HasUnpriced">Those that found usage which no price covers.</param>
/// <param name="HasFailed">Those that left organisations behind.</param>
public sealed record BillingRunFilter(BillingRunState? State = null, bool HasUnpriced = false, bool HasFailed = false);

/// <summary>Lists runs, newest first; paged by skip or after an id.</summary>
public sealed class ListBillingRuns(IBillingStore store)
{
    public async Task<Result<PagedList<BillingRunDetails>>> RunAsync(CallContext call, BillingRunFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.BillingRunsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        IQueryable<BillingRun> runs = db.BillingRuns;
        if (filter.State is { } state)
            runs = runs.Where(run => run.State == state);
        if (filter.HasUnpriced)
            runs = runs.Where(run => run.Unpriced > 0);
        if (filter.HasFailed)
            runs = runs.Where(run => run.Failed > 0);
        int? total = list.WithTotal ? await runs.CountAsync(cancellationToken) : null;
        runs = runs.OrderByDescending(run => run.Id);
        runs = list.After is { } after ? runs.Where(run => run.Id < after) : runs.Skip(list.Skip);
        var rows = await runs.Take(list.Fetch).AsNoTracking()
            .Select(run => new { Run = run, Organisation = db.Organisations.Where(organisation => organisation.Id == run.OrganisationId).Select(organisation => organisation.Name).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        return PagedList<BillingRunDetails>.Cut([.. rows.Select(row => BillingRunDetails.Of(row.Run, row.Organisation))], list, total);
    }
}
