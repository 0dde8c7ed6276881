using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.BillingRuns;

/// <summary>What became of an organisation in a run.</summary>
public sealed record BillingRunItemDetails(Guid OrganisationId, string OrganisationName, BillingRunItemState State, string? Reason, Guid? InvoiceId);

/// <summary>Lists the organisations of a run by name, all or those of one state; searches the name. Paged by skip.</summary>
public sealed class ListBillingRunItems(IBillingStore store)
{
    public async Task<Result<PagedList<BillingRunItemDetails>>> RunAsync(CallContext call, Guid runId, BillingRunItemState? state, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.BillingRunsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (!await db.BillingRuns.AnyAsync(run => run.Id == runId, cancellationToken))
            return Failure.NotFound("billing run");
        var rows =
            from item in db.BillingRunItems
            join organisation in db.Organisations on item.OrganisationId equals organisation.Id
            where item.BillingRunId == runId && (state == null || item.State == state)
            select new { item, organisation.Name };
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var needle = list.Search.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            rows = rows.Where(row => row.Name.ToLower().Contains(needle));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        int? total = list.WithTotal ? await rows.CountAsync(cancellationToken) : null;
        var found = await rows.OrderBy(row => row.Name).ThenBy(row => row.item.OrganisationId).Skip(list.Skip).Take(list.Fetch)
            .Select(row => new BillingRunItemDetails(row.item.OrganisationId, row.Name, row.item.State, row.item.Reason, row.item.InvoiceId))
            .ToListAsync(cancellationToken);
        return PagedList<BillingRunItemDetails>.Cut(found, list, total);
    }
}
