using Portal.Access;
using Portal.Components.Admin.Usage;
using Portal.Core.BillingRuns;

namespace Portal.Endpoints.Downloads;

/// <summary>Late usage as its page filters it, as CSV.</summary>
internal static class LateUsageLists
{
    private static readonly object?[] s_head = ["Organisation", "Month", "Metric", "Unit", "Came late", "Events", "What becomes of it", "Difference", "Currency", "Invoice", "Reason", "Settled at (UTC)", "Organisation id"];

    public static async Task<IResult> ForStaffAsync(HttpContext http, ICallContexts calls, ListAllLateUsage list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        var filter = LatePage.FilterOf(name => http.Request.Query[name]);
        return await CsvList.SendPagesAsync(
            "late-usage.csv",
            s_head,
            request => list.RunAsync(call, filter, request, cancellationToken),
            row =>
            [
                row.OrganisationName, row.Month.ToString(), row.MetricName, row.Unit, row.Quantity, row.EventCount, LatePage.WordOf(row), row.Amount, row.Currency, row.InvoiceNumber, row.Reason, row.SettledAt,
                row.OrganisationId.ToString(),
            ],
            http);
    }
}
