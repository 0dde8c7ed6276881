using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Ledger;

/// <summary>One side of a movement of money.</summary>
public sealed record LedgerLine(LedgerAccount Account, decimal Debit, decimal Credit);

/// <summary>A movement of money, whole: its debits equal its credits.</summary>
/// <param name="Id">The movement.</param>
/// <param name="OrganisationId">Whose account it is about.</param>
/// <param name="OrganisationName">Its name.</param>
/// <param name="Kind">What happened, e.g. <c>invoice.issued</c>.</param>
/// <param name="SourceId">The invoice, payment or credit that it books.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Description">In words.</param>
/// <param name="OccurredAt">When.</param>
/// <param name="Lines">In order.</param>
public sealed record LedgerMovement(Guid Id, Guid OrganisationId, string OrganisationName, string Kind, Guid SourceId, string Currency, string Description, DateTimeOffset OccurredAt, IReadOnlyList<LedgerLine> Lines)
{
    /// <summary>What moved: the sum of the debits.</summary>
    public decimal Amount => Lines.Sum(line => line.Debit);
}

/// <summary>Which movements are asked for; a filter that is null does not apply.</summary>
public sealed record LedgerFilter(Guid? OrganisationId = null, LedgerAccount? Account = null, string? Currency = null);

/// <summary>The movements of the ledger, newest first; paged by skip or after an id. Searches the description and the organisation's name.</summary>
public sealed class ListLedgerTransactions(IBillingStore store)
{
    /// <summary>Needs <c>ledger:read</c>. There is no sort and no total: the ledger has no end.</summary>
    public async Task<Result<PagedList<LedgerMovement>>> RunAsync(CallContext call, LedgerFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.LedgerRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rows = db.LedgerTransactions.AsNoTracking()
            .Join(db.Organisations, movement => movement.OrganisationId, organisation => organisation.Id, (movement, organisation) => new { Movement = movement, organisation.Name });
        if (filter.OrganisationId is { } organisation)
            rows = rows.Where(row => row.Movement.OrganisationId == organisation);
        if (filter.Currency is { } currency)
            rows = rows.Where(row => row.Movement.Currency == currency);
        if (filter.Account is { } account)
            rows = rows.Where(row => row.Movement.Entries.Any(entry => entry.Account == account));
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var pattern = LikePattern.Containing(list.Search);
            rows = rows.Where(row => EF.Functions.Like(row.Movement.Description.ToLower(), pattern, @"\") || EF.Functions.Like(row.Name.ToLower(), pattern, @"\"));
        }

        rows = rows.OrderByDescending(row => row.Movement.Id);
        rows = list.After is { } after ? rows.Where(row => row.Movement.Id < after) : rows.Skip(list.Skip);
        var found = await rows.Take(list.Fetch)
            .Select(row => new LedgerMovement(
                row.Movement.Id,
                row.Movement.OrganisationId,
                row.Name,
                row.Movement.Kind,
                row.Movement.SourceId,
                row.Movement.Currency,
                row.Movement.Description,
                row.Movement.OccurredAt,
                row.Movement.Entries.OrderBy(entry => entry.Position).Select(entry => new LedgerLine(entry.Account, entry.Debit, entry.Credit)).ToList()))
            .ToListAsync(cancellationToken);
        return PagedList<LedgerMovement>.Cut(found, list, null);
    }
}
