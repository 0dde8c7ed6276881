using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Invoicing;

/// <summary>What proves a series.</summary>
/// <param name="Series">E.g. <c>INV</c>.</param>
/// <param name="FinancialYear">E.g. <c>26-27</c>.</param>
/// <param name="First">The first number given; null while there is none.</param>
/// <param name="Last">The last number given.</param>
/// <param name="Count">Invoices that bear a number of the series.</param>
/// <param name="Voided">Of these, how many are void.</param>
/// <param name="Missing">Numbers up to the counter that no invoice bears; none, or something is wrong.</param>
public sealed record SeriesProof(string Series, string FinancialYear, string? First, string? Last, long Count, long Voided, long Missing);

/// <summary>Proves every series: first, last, count, voided, no gap.</summary>
public sealed class NumberSeriesProof(IBillingStore store)
{
    public async Task<Result<IReadOnlyList<SeriesProof>>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var series = await db.NumberSeries.AsNoTracking().OrderBy(series => series.Series).ThenBy(series => series.FinancialYear).ToListAsync(cancellationToken);
        var proofs = new List<SeriesProof>(series.Count);
        foreach (var counter in series)
        {
            var prefix = $"{counter.Series}/{counter.FinancialYear}/";
            var numbered = db.Invoices.Where(invoice => invoice.Number!.StartsWith(prefix));
            var facts = await numbered.GroupBy(_ => 1)
                .Select(group => new { First = group.Min(invoice => invoice.Number), Last = group.Max(invoice => invoice.Number), Count = group.LongCount(), Voided = group.LongCount(invoice => invoice.Status == InvoiceStatus.Void) })
                .SingleOrDefaultAsync(cancellationToken);
            // A series may belong to the receipt vouchers of prepaid credits instead; those are never void.
            facts ??= await db.PrepaidPurchases.Where(purchase => purchase.Number!.StartsWith(prefix)).GroupBy(_ => 1)
                .Select(group => new { First = group.Min(purchase => purchase.Number), Last = group.Max(purchase => purchase.Number), Count = group.LongCount(), Voided = 0L })
                .SingleOrDefaultAsync(cancellationToken);
            // Numbers are unique and none is above the counter: as many invoices as the counter says leave no gap.
            proofs.Add(new SeriesProof(counter.Series, counter.FinancialYear, facts?.First, facts?.Last, facts?.Count ?? 0, facts?.Voided ?? 0, counter.LastNumber - (facts?.Count ?? 0)));
        }

        return proofs;
    }
}
