using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Ledger;

/// <summary>What every account of the ledger holds, per currency; the debits of a currency equal its credits.</summary>
public sealed class TrialBalance(IBillingStore store)
{
    /// <summary>Needs <c>ledger:read</c>.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="organisationId">One organisation's part; null for all that the scope sees.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Result<TrialBalanceReport>> RunAsync(CallContext call, Guid? organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.LedgerRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (organisationId is { } id && !await db.Organisations.AnyAsync(organisation => organisation.Id == id, cancellationToken))
            return Failure.NotFound("organisation");
        var sums = await db.LedgerEntries
            .Where(entry => organisationId == null || entry.OrganisationId == organisationId)
            .GroupBy(entry => new { entry.Currency, entry.Account })
            .Select(group => new { group.Key.Currency, group.Key.Account, Debit = group.Sum(entry => entry.Debit), Credit = group.Sum(entry => entry.Credit) })
            .ToListAsync(cancellationToken);
        return new TrialBalanceReport([.. sums
            .GroupBy(sum => sum.Currency, StringComparer.Ordinal).OrderBy(currency => currency.Key, StringComparer.Ordinal)
            .Select(currency => new TrialBalanceOfCurrency(
                currency.Key,
                [.. currency.OrderBy(sum => sum.Account).Select(sum => new AccountTotal(sum.Account, sum.Debit, sum.Credit))],
                currency.Sum(sum => sum.Debit),
                currency.Sum(sum => sum.Credit)))]);
    }
}

/// <summary>One account's totals.</summary>
public sealed record AccountTotal(LedgerAccount Account, decimal Debit, decimal Credit)
{
    /// <summary>Debit - credit: positive for what we have, negative for what we owe or earned.</summary>
    public decimal Balance => Debit - Credit;
}

/// <summary>The accounts of one currency and their sums.</summary>
public sealed record TrialBalanceOfCurrency(string Currency, IReadOnlyList<AccountTotal> Accounts, decimal Debit, decimal Credit)
{
    public bool Balances => Debit == Credit;
}

/// <summary>By currency.</summary>
public sealed record TrialBalanceReport(IReadOnlyList<TrialBalanceOfCurrency> Currencies);
