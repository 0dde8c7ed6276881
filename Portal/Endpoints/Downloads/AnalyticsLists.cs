using Portal.Access;
using Portal.Components.Listing;
using Portal.Core.Analytics;
using Portal.Core.Kernel;

namespace Portal.Endpoints.Downloads;

/// <summary>Analytics as the page shows them, as CSV; every currency on rows of its own.</summary>
internal static class AnalyticsLists
{
    private const int Months = 12;

    public static async Task<IResult> MrrAsync(int? months, HttpContext http, ICallContexts calls, GetMrr get, CancellationToken cancellationToken) => Send(
        "mrr.csv",
        ["Month", "Currency", "Opening", "New", "Reactivation", "Expansion", "Contraction", "Churn", "Closing"],
        await get.RunAsync(await calls.ForStaffAsync(cancellationToken), months ?? Months, cancellationToken),
        report => report.Currencies.SelectMany(one => one.Months.Select(month => (IReadOnlyList<object?>)
        [
            month.Month.ToString(), one.Currency, month.Opening, month.Of(MrrMovementKind.New), month.Of(MrrMovementKind.Reactivation), month.Of(MrrMovementKind.Expansion), month.Of(MrrMovementKind.Contraction),
            month.Of(MrrMovementKind.Churn), month.Closing,
        ])),
        http);

    public static async Task<IResult> RevenueAsync(int? months, string? by, HttpContext http, ICallContexts calls, GetRevenue get, CancellationToken cancellationToken)
    {
        var dimension = Choices.Parse<RevenueDimension>(by) ?? RevenueDimension.Metric;
        return Send(
            "revenue.csv",
            ["Month", "Currency", dimension.ToString(), "Revenue"],
            await get.RunAsync(await calls.ForStaffAsync(cancellationToken), dimension, months ?? Months, cancellationToken),
            report => report.Currencies.SelectMany(one => one.Parts.SelectMany(part => part.Amounts.Select((amount, index) => (IReadOnlyList<object?>)[report.Months[index].ToString(), one.Currency, part.Name, amount]))),
            http);
    }

    public static async Task<IResult> CohortsAsync(int? months, HttpContext http, ICallContexts calls, GetCohorts get, CancellationToken cancellationToken) => Send(
        "cohorts.csv",
        ["First invoice", "Currency", "Customers", "Months since", "Retained", "Revenue"],
        await get.RunAsync(await calls.ForStaffAsync(cancellationToken), months ?? Months, cancellationToken),
        report => report.Currencies.SelectMany(one => one.Cohorts.SelectMany(cohort => cohort.Retained.Select((retained, since) => (IReadOnlyList<object?>)[cohort.Month.ToString(), one.Currency, cohort.Size, since, retained, cohort.Revenue[since]]))),
        http);

    private static IResult Send<T>(string name, IReadOnlyList<object?> head, Result<T> report, Func<T, IEnumerable<IReadOnlyList<object?>>> rows, HttpContext http)
    {
        if (!report.Succeeded)
            return report.Failures.ToStatus();
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Stream(
            async output =>
            {
                await using var csv = new CsvWriter(output);
                await csv.RowAsync(head);
                foreach (var row in rows(report.Value))
                    await csv.RowAsync(row);
            },
            "text/csv; charset=utf-8",
            name);
    }
}
