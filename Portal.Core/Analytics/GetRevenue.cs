using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Settings;

namespace Portal.Core.Analytics;

/// <summary>What revenue is broken down by.</summary>
public enum RevenueDimension
{
    Metric,
    Plan,
    Country,
}

/// <summary>One metric, plan or country.</summary>
/// <param name="Key">The metric and its unit, the plan's id or the country's code; empty for what has none.</param>
/// <param name="Name">For people.</param>
/// <param name="Amounts">By month, in the order of the report's.</param>
public sealed record RevenuePart(string Key, string Name, IReadOnlyList<decimal> Amounts)
{
    public decimal Sum => Amounts.Sum();
}

/// <summary>Revenue in one currency, broken down.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Parts">The largest first.</param>
/// <param name="Converted">All of it in the seller's currency, each month by the rate of its last day; null where one has none.</param>
public sealed record RevenueBreakdown(string Currency, IReadOnlyList<RevenuePart> Parts, decimal? Converted)
{
    public decimal Sum => Parts.Sum(part => part.Sum);
}

/// <summary>Revenue of some months.</summary>
public sealed record RevenueReport(IReadOnlyList<BillingMonth> Months, IReadOnlyList<RevenueBreakdown> Currencies, string SellerCurrency, DateTimeOffset? KeptAt);

/// <summary>A cohort: organisations by the month of their first invoice.</summary>
/// <param name="Month">Of the first invoice.</param>
/// <param name="Size">How many they were.</param>
/// <param name="Retained">How many were charged, by months since; the first is all of them.</param>
/// <param name="Revenue">What they were charged, by months since.</param>
public sealed record Cohort(BillingMonth Month, int Size, IReadOnlyList<int> Retained, IReadOnlyList<decimal> Revenue);

/// <summary>Cohorts in one currency, oldest first.</summary>
public sealed record CohortTable(string Currency, IReadOnlyList<Cohort> Cohorts);

/// <summary>Cohorts of some months; the currency with most organisations first.</summary>
public sealed record CohortReport(IReadOnlyList<CohortTable> Currencies, BillingMonth Last, DateTimeOffset? KeptAt);

/// <summary>Reads revenue from what is kept. Staff only; needs <c>analytics:read</c>.</summary>
public sealed class GetRevenue(IBillingStore store, TimeProvider clock)
{
    /// <summary>The last months, the one that runs included; 1 to 36.</summary>
    public async Task<Result<RevenueReport>> RunAsync(CallContext call, RevenueDimension dimension, int months, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.AnalyticsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (months is < 1 or > 36)
            return Failure.Invalid("months", "Enter 1 to 36 months.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var settings = await db.PlatformSettingsAsync(cancellationToken);
        var today = SellerDay.Of(clock.GetUtcNow(), settings);
        var last = new BillingMonth(today.Year, today.Month);
        var span = Enumerable.Range(last.Index - months + 1, months).Select(BillingMonth.FromIndex).ToList();
        var (from, to) = (span[0].Index, last.Index);
        var cells = db.RevenueCells.Where(cell => cell.Month >= from && cell.Month <= to);
        var rows = dimension switch
        {
            RevenueDimension.Metric => await cells.GroupBy(cell => new { cell.Month, cell.Currency, cell.MetricName, cell.Unit })
                .Select(group => new Row(group.Key.Month, group.Key.Currency, group.Key.MetricName, group.Key.Unit, group.Sum(cell => cell.Amount))).ToListAsync(cancellationToken),
            RevenueDimension.Plan => await cells.GroupBy(cell => new { cell.Month, cell.Currency, cell.PlanId })
                .Select(group => new Row(group.Key.Month, group.Key.Currency, group.Key.PlanId.ToString(), "", group.Sum(cell => cell.Amount))).ToListAsync(cancellationToken),
            RevenueDimension.Country => await cells.GroupBy(cell => new { cell.Month, cell.Currency, cell.Country })
                .Select(group => new Row(group.Key.Month, group.Key.Currency, group.Key.Country, "", group.Sum(cell => cell.Amount))).ToListAsync(cancellationToken),
        };
        var plans = dimension == RevenueDimension.Plan ? await db.Plans.Select(plan => new { plan.Id, plan.Name }).ToDictionaryAsync(plan => plan.Id.ToString(), plan => plan.Name, cancellationToken) : [];
        var exchange = new ExchangeRateBook(await db.ExchangeRates.AsNoTracking().Where(rate => rate.TargetCurrency == settings.Defaults.Currency).ToListAsync(cancellationToken));
        var breakdowns = rows.GroupBy(row => row.Currency, StringComparer.Ordinal).Select(group => new RevenueBreakdown(
            group.Key,
            [.. group.GroupBy(row => (row.Key, row.Unit)).Select(part => new RevenuePart(
                dimension == RevenueDimension.Metric ? $"{part.Key.Key} {part.Key.Unit}".Trim() : part.Key.Key == Guid.Empty.ToString() ? "" : part.Key.Key,
                Name(dimension, part.Key.Key, part.Key.Unit, plans),
                [.. span.Select(month => part.Where(row => row.Month == month.Index).Sum(row => row.Amount))])).OrderByDescending(part => part.Sum).ThenBy(part => part.Name, StringComparer.Ordinal)],
            Converted([.. group], group.Key, Currency.Of(settings.Defaults.Currency), exchange, today)))
            .OrderByDescending(one => one.Currency == settings.Defaults.Currency).ThenByDescending(one => one.Parts.Count).ThenBy(one => one.Currency, StringComparer.Ordinal);
        return new RevenueReport(span, [.. breakdowns], settings.Defaults.Currency, await KeptAtAsync(db, cancellationToken));
    }

    internal static async Task<DateTimeOffset?> KeptAtAsync(IBillingDb db, CancellationToken cancellationToken) =>
        await db.AnalyticsMarks.Where(mark => mark.Name == "revenue").Select(mark => (DateTimeOffset?)mark.KeptAt).SingleOrDefaultAsync(cancellationToken);

    // Each month by the rate of its last day, or of today where it runs.
    private static decimal? Converted(IReadOnlyList<Row> rows, string currency, Currency seller, ExchangeRateBook exchange, DateOnly today)
    {
        if (currency == seller.Code)
            return rows.Sum(row => row.Amount);
        var sum = 0m;
        foreach (var month in rows.GroupBy(row => row.Month))
        {
            var end = BillingMonth.FromIndex(month.Key).Next.FirstDay.AddDays(-1);
            if (exchange.Convert(month.Sum(row => row.Amount), currency, seller, end < today ? end : today) is not { } converted)
                return null;
            sum += converted.Amount;
        }

        return sum;
    }

    private static string Name(RevenueDimension dimension, string key, string unit, Dictionary<string, string> plans) => dimension switch
    {
        RevenueDimension.Metric when key.Length == 0 => unit switch { "subscription" => "Plan fees", "service" => "Services", "minimum_commitment" => "Minimum commitments", "proration_credit" => "Unused days credited", _ => "Other" },
        RevenueDimension.Metric => $"{key} ({unit})",
        RevenueDimension.Plan => plans.GetValueOrDefault(key) ?? "No plan",
        RevenueDimension.Country => key.Length == 0 ? "Unknown" : key,
    };

    private sealed record Row(int Month, string Currency, string Key, string Unit, decimal Amount);
}

/// <summary>Reads cohorts from what is kept. Staff only; needs <c>analytics:read</c>.</summary>
public sealed class GetCohorts(IBillingStore store, TimeProvider clock)
{
    /// <summary>The cohorts of the last months, the one that runs included; 1 to 36.</summary>
    public async Task<Result<CohortReport>> RunAsync(CallContext call, int months, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.AnalyticsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (months is < 1 or > 36)
            return Failure.Invalid("months", "Enter 1 to 36 months.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var today = SellerDay.Of(clock.GetUtcNow(), await db.PlatformSettingsAsync(cancellationToken));
        var last = new BillingMonth(today.Year, today.Month);
        var from = last.Index - months + 1;
        var cells = await db.CohortCells.AsNoTracking().Where(cell => cell.Cohort >= from && cell.Cohort <= last.Index).ToListAsync(cancellationToken);
        var tables = cells.GroupBy(cell => cell.Currency, StringComparer.Ordinal)
            .OrderByDescending(group => group.Where(cell => cell.Since == 0).Sum(cell => cell.Retained)).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new CohortTable(group.Key, [.. group.GroupBy(cell => cell.Cohort).OrderBy(cohort => cohort.Key).Select(cohort => Of(BillingMonth.FromIndex(cohort.Key), [.. cohort], last))]));
        return new CohortReport([.. tables], last, await GetRevenue.KeptAtAsync(db, cancellationToken));
    }

    private static Cohort Of(BillingMonth month, IReadOnlyList<CohortCell> cells, BillingMonth last)
    {
        var bySince = cells.ToDictionary(cell => cell.Since);
        var since = Enumerable.Range(0, last.Index - month.Index + 1).ToList();
        return new Cohort(month, bySince.GetValueOrDefault(0)?.Retained ?? 0, [.. since.Select(index => bySince.GetValueOrDefault(index)?.Retained ?? 0)], [.. since.Select(index => bySince.GetValueOrDefault(index)?.Revenue ?? 0)]);
    }
}
