using Portal.Access;
using Portal.Core.Analytics;
using Portal.Core.Kernel;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>Monthly recurring revenue. <c>total</c> is all of it in the seller's currency at the rates of <c>rateDay</c>; null where a rate is missing.</summary>
internal sealed record MrrBody(IReadOnlyList<MrrCurrencyBody> Currencies, string SellerCurrency, DateOnly RateDay, string? Total, DateTimeOffset? KeptAt);

/// <summary>In one currency; trials are not in <c>mrr</c>.</summary>
internal sealed record MrrCurrencyBody(string Currency, string Mrr, string TrialMrr, int Customers, string? Converted, IReadOnlyList<MrrMonthBody> Months);

/// <summary>A month: opening and movements are the closing.</summary>
internal sealed record MrrMonthBody(string Month, string Opening, string New, string Reactivation, string Expansion, string Contraction, string Churn, string Closing);

/// <summary>A movement; written once, never changed.</summary>
internal sealed record MrrMovementBody(Guid Id, Guid OrganisationId, string OrganisationName, string Currency, string Kind, string Amount, string MrrAfter, DateOnly Day, string Cause);

/// <summary>Revenue by month of issue, after discounts and before tax.</summary>
internal sealed record RevenueBody(string By, IReadOnlyList<string> Months, IReadOnlyList<RevenueCurrencyBody> Currencies, string SellerCurrency, DateTimeOffset? KeptAt);

/// <summary>In one currency; <c>converted</c> is each month at the rate of its last day, null where one is missing.</summary>
internal sealed record RevenueCurrencyBody(string Currency, string Sum, string? Converted, IReadOnlyList<RevenuePartBody> Parts);

/// <summary>A metric, plan or country; amounts in the order of the months.</summary>
internal sealed record RevenuePartBody(string Key, string Name, string Sum, IReadOnlyList<string> Amounts);

/// <summary>Organisations by the month of their first invoice.</summary>
internal sealed record CohortsBody(IReadOnlyList<CohortCurrencyBody> Currencies, DateTimeOffset? KeptAt);

/// <summary>In one currency.</summary>
internal sealed record CohortCurrencyBody(string Currency, IReadOnlyList<CohortBody> Cohorts);

/// <summary>A cohort: by months since the first invoice how many were invoiced, and what they were charged.</summary>
internal sealed record CohortBody(string Month, int Customers, IReadOnlyList<int> Retained, IReadOnlyList<string> Revenue);

internal static class AnalyticsEndpoints
{
    private const int Default = 12;

    public static void MapAnalytics(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/analytics").WithTags("Analytics");
        group.MapGet("/mrr", MrrAsync).Produces<MrrBody>().WithSummary("Monthly recurring revenue and its movements for the last 1 to 36 months");
        group.MapGet("/mrr/movements", MovementsAsync).Produces<ListBody<MrrMovementBody>>().WithSummary("List movements of recurring revenue, newest first");
        group.MapGet("/revenue", RevenueAsync).Produces<RevenueBody>().WithSummary("Revenue by metric, plan or country for the last 1 to 36 months");
        group.MapGet("/cohorts", CohortsAsync).Produces<CohortsBody>().WithSummary("Cohorts of organisations by month of first invoice");
    }

    private static async Task<IResult> MrrAsync(int? months, HttpContext http, GetMrr get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), months ?? Default, cancellationToken)).ToOk(report => new MrrBody(
            [.. report.Currencies.Select(one => new MrrCurrencyBody(
                one.Currency, ApiText.Amount(one.Mrr, one.Currency), ApiText.Amount(one.TrialMrr, one.Currency), one.Customers, one.Converted is { } converted ? ApiText.Amount(converted, report.SellerCurrency) : null,
                [.. one.Months.Select(month => Month(month, one.Currency))]))],
            report.SellerCurrency, report.RateDay, report.Total is { } total ? ApiText.Amount(total, report.SellerCurrency) : null, report.LookedAt));

    private static async Task<IResult> MovementsAsync([AsParameters] Paging paging, string? currency, HttpContext http, ListMrrMovements list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var page = await list.RunAsync(http.Call(), new MrrMovementFilter(currency), request.Value, cancellationToken);
        return page.ToOk(rows => ListBody<MrrMovementBody>.Of(rows, row => row.Id, row => new MrrMovementBody(
            row.Id, row.OrganisationId, row.OrganisationName, row.Currency, ApiText.Word(row.Kind), ApiText.Amount(row.Amount, row.Currency), ApiText.Amount(row.MrrAfter, row.Currency), row.Day, row.Cause)));
    }

    private static async Task<IResult> RevenueAsync(int? months, string? by, HttpContext http, GetRevenue get, CancellationToken cancellationToken)
    {
        if (by is not (null or "metric" or "plan" or "country"))
            return new[] { Failure.Invalid("by", "Choose metric, plan or country.") }.ToProblem();
        var dimension = by switch { "plan" => RevenueDimension.Plan, "country" => RevenueDimension.Country, _ => RevenueDimension.Metric };
        return (await get.RunAsync(http.Call(), dimension, months ?? Default, cancellationToken)).ToOk(report => new RevenueBody(
            ApiText.Word(dimension), [.. report.Months.Select(month => month.ToString())],
            [.. report.Currencies.Select(one => new RevenueCurrencyBody(
                one.Currency, ApiText.Amount(one.Sum, one.Currency), one.Converted is { } converted ? ApiText.Amount(converted, report.SellerCurrency) : null,
                [.. one.Parts.Select(part => new RevenuePartBody(part.Key, part.Name, ApiText.Amount(part.Sum, one.Currency), [.. part.Amounts.Select(amount => ApiText.Amount(amount, one.Currency))]))]))],
            report.SellerCurrency, report.KeptAt));
    }

    private static async Task<IResult> CohortsAsync(int? months, HttpContext http, GetCohorts get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), months ?? Default, cancellationToken)).ToOk(report => new CohortsBody(
            [.. report.Currencies.Select(table => new CohortCurrencyBody(table.Currency, [.. table.Cohorts.Select(cohort => new CohortBody(
                cohort.Month.ToString(), cohort.Size, cohort.Retained, [.. cohort.Revenue.Select(amount => ApiText.Amount(amount, table.Currency))]))]))],
            report.KeptAt));

    private static MrrMonthBody Month(MrrMonthFigures month, string currency)
    {
        return new MrrMonthBody(
            month.Month.ToString(), ApiText.Amount(month.Opening, currency), Of(MrrMovementKind.New), Of(MrrMovementKind.Reactivation), Of(MrrMovementKind.Expansion), Of(MrrMovementKind.Contraction), Of(MrrMovementKind.Churn),
            ApiText.Amount(month.Closing, currency));

        string Of(MrrMovementKind kind) => ApiText.Amount(month.Of(kind), currency);
    }
}
