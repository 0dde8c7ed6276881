using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;

namespace Portal.Core.Analytics;

/// <summary>What a month that runs comes to, before tax.</summary>
/// <param name="Month">The month.</param>
/// <param name="Currency">The organisation's.</param>
/// <param name="SoFar">What the next invoice would be now.</param>
/// <param name="Forecast">What it would be at the month's end at the pace of the last days; null while nobody can tell.</param>
/// <param name="Unpriced">Metrics that no price covers, and that are not in these amounts.</param>
/// <param name="IsIncomplete">True: some charges wait for an exchange rate and are not in these amounts.</param>
public sealed record MonthCost(BillingMonth Month, string Currency, decimal SoFar, decimal? Forecast, int Unpriced, bool IsIncomplete);

/// <summary>Rates the month that runs by the very code that makes invoices, as it stands and as it is foreseen.</summary>
public sealed class EstimateMonthCost(IBillingStore store, IBillingInputs inputs, BillChunk chunks, TimeProvider clock)
{
    // Whether others' runs were completed decides which late usage comes along; no customer's session sees runs.
    private static readonly AccessScope s_scope = new AccessScope.System("Rates one organisation's own month for its front page");

    /// <summary>The caller has read the organisation within the scope of whoever asks, and answers for their permission to see invoices.</summary>
    /// <param name="organisation">Whose month.</param>
    /// <param name="month">The month that runs.</param>
    /// <param name="growth">By how much a metric's quantity grows until the month's end, e.g. 2 for double; null when nobody can tell.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal async Task<MonthCost?> RunAsync(Organisation organisation, BillingMonth month, Func<(string MetricName, string Unit), decimal?> growth, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var input = await inputs.LoadAsync(db, [organisation.Id], new BillingInputRequest(month, chunks.FirstMonth(month), RemakeDrafts: true, Lock: false), cancellationToken);
        if (input.Invoices[organisation.Id].Any(invoice => invoice.Month == month && invoice.Status != InvoiceStatus.Draft))
            return null;
        var usage = input.BillableUsage(organisation, month).ToList();
        var instant = clock.GetUtcNow();
        var now = input.Draft(organisation, month, usage, instant);
        var foreseen = new List<MeteredUsage>();
        foreach (var metered in usage)
        {
            // What a metric stands at can go on; what is late is what it is.
            if (metered.Month != month || metered.Quantity == 0)
                foreseen.Add(metered);
            else if (growth((metered.MetricName, metered.Unit)) is { } factor)
                foreseen.Add(metered with { Quantity = metered.Quantity * factor });
        }

        return new MonthCost(
            month, organisation.Currency, now.Subtotal,
            foreseen.Count == usage.Count && usage.Count > 0 ? input.Draft(organisation, month, foreseen, instant).Subtotal : null,
            now.Unpriced.Count, now.HoldReason is not null);
    }
}
