using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.BillingRuns;

/// <summary>Lists runs, newest first; paged by skip or after an id.</summary>
public sealed class ListBillingRuns(IBillingStore store)
{
    public async Task<Result<PagedList<BillingRunDetails>>> RunAsync(CallContext call, BillingRunState? state, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.BillingRunsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var runs = state is { } only ? db.BillingRuns.Where(run => run.State == only) : db.BillingRuns;
        int? total = list.WithTotal ? await runs.CountAsync(cancellationToken) : null;
        runs = runs.OrderByDescending(run => run.Id);
        runs = list.After is { } after ? runs.Where(run => run.Id < after) : runs.Skip(list.Skip);
        var rows = await runs.Take(list.Fetch).AsNoTracking()
            .Select(run => new { Run = run, Organisation = db.Organisations.Where(organisation => organisation.Id == run.OrganisationId).Select(organisation => organisation.Name).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        return PagedList<BillingRunDetails>.Cut([.. rows.Select(row => BillingRunDetails.Of(row.Run, row.Organisation))], list, total);
    }
}
