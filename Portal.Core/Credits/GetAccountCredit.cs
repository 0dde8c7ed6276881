using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Credits;

/// <summary>An organisation's account credit: the balance of each currency and the movements, newest first.</summary>
public sealed class GetAccountCredit(IBillingStore store)
{
    /// <summary>Needs <c>payments:read</c>. Paging by skip or by the movement's id; no search and no sort.</summary>
    public async Task<Result<AccountCreditView>> RunAsync(CallContext call, Guid organisationId, ListRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.PaymentsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var balances = await db.Organisations.Where(organisation => organisation.Id == organisationId)
            .Select(organisation => db.AccountCreditBalances.Where(credit => credit.OrganisationId == organisation.Id).OrderBy(credit => credit.Currency)
                .Select(credit => new AccountCreditAmount(credit.Currency, credit.Balance)).ToList())
            .SingleOrDefaultAsync(cancellationToken);
        if (balances is null)
            return Failure.NotFound("organisation");
        var movements = db.AccountCreditMovements.Where(movement => movement.OrganisationId == organisationId);
        int? total = request.WithTotal ? await movements.CountAsync(cancellationToken) : null;
        if (request.After is { } after)
            movements = movements.Where(movement => movement.Id < after);
        var rows = await movements.OrderByDescending(movement => movement.Id).Skip(request.Skip).Take(request.Fetch)
            .Select(movement => new AccountCreditLine(movement.Id, movement.Currency, movement.Amount, movement.BalanceAfter, movement.Reason, movement.SourceId, movement.CreatedAt))
            .ToListAsync(cancellationToken);
        return new AccountCreditView(balances, PagedList<AccountCreditLine>.Cut(rows, request, total));
    }
}

/// <summary>A balance.</summary>
public sealed record AccountCreditAmount(string Currency, decimal Balance);

/// <summary>A movement and the balance after it.</summary>
public sealed record AccountCreditLine(Guid Id, string Currency, decimal Amount, decimal BalanceAfter, string Reason, Guid SourceId, DateTimeOffset CreatedAt);

/// <summary>What the page of account credit shows.</summary>
public sealed record AccountCreditView(IReadOnlyList<AccountCreditAmount> Balances, PagedList<AccountCreditLine> Movements);
