using Microsoft.EntityFrameworkCore;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Ledger;

namespace Portal.Core.PrepaidCredits;

/// <summary>
/// Turns deferred revenue into revenue as purchased credits are used or expire, within the session that moved them: one balanced entry per organisation,
/// currency and run. What is released is what is earned less what was released before, so a run again releases nothing. Nobody's tax moves: it was owed from
/// the payment on.
/// </summary>
public static class ReleasePrepaidRevenue
{
    /// <summary>Looks at the purchases of an organisation whose wallet is locked by the caller.</summary>
    public static async Task RunAsync(IBillingDb db, Guid organisationId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var rows = await db.PrepaidPurchases.AsNoTracking()
            .Where(purchase => purchase.OrganisationId == organisationId && purchase.Status == PrepaidPurchaseStatus.Paid)
            .Join(
                db.PrepaidGrants.Where(grant => grant.OrganisationId == organisationId && grant.Kind == PrepaidGrantKind.Purchase),
                purchase => purchase.Id, grant => grant.SourceId,
                (purchase, grant) => new
                {
                    Purchase = purchase,
                    grant.Credits,
                    grant.Remaining,
                    Released = db.PrepaidReleases.Where(release => release.PurchaseId == purchase.Id).Sum(release => release.Amount),
                })
            // What is whole and what is earned whole has nothing to move.
            .Where(row => row.Released != (row.Remaining == 0 ? row.Purchase.Net : row.Remaining == row.Credits ? 0m : -1m))
            .OrderBy(row => row.Purchase.Id)
            .ToListAsync(cancellationToken);
        foreach (var currency in rows.GroupBy(row => row.Purchase.Currency, StringComparer.Ordinal))
        {
            var parts = currency
                .Select(row => (row.Purchase, Amount: PrepaidRelease.Earned(row.Purchase.Net, row.Credits, row.Remaining, Currency.Of(currency.Key)) - row.Released))
                .Where(part => part.Amount != 0).ToList();
            if (parts.Count == 0)
                continue;
            var transaction = LedgerTransaction.Post(organisationId, LedgerKinds.PrepaidReleased, Guid.CreateVersion7(now), currency.Key, parts.Sum(part => part.Amount) < 0 ? "Prepaid credits returned" : "Prepaid credits used or expired", now, parts.SelectMany(part => Postings(part.Amount)));
            db.LedgerTransactions.Add(transaction);
            db.PrepaidReleases.AddRange(parts.Select(part => PrepaidRelease.Of(part.Purchase, transaction.Id, part.Amount, now)));
        }

        // At once: a billing run has its checks made before it commits, and half an entry would not balance.
        await db.SaveAsync(cancellationToken);
    }

    private static IEnumerable<Posting> Postings(decimal amount) => amount < 0
        ? [Posting.ToDebit(LedgerAccount.Revenue, -amount), Posting.ToCredit(LedgerAccount.DeferredRevenue, -amount)]
        : [Posting.ToDebit(LedgerAccount.DeferredRevenue, amount), Posting.ToCredit(LedgerAccount.Revenue, amount)];
}
