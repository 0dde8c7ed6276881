using Portal.Access;
using Portal.Components.Admin.Usage;
using Portal.Core.BillingRuns;

namespace Portal.Endpoints.Downloads;

/// <summary>Late usage as its page filters it, as CSV.</summary>
internal static class LateUsageLists
{
    public static async Task<IResult> ForStaffAsync(HttpContext http, ICallContexts calls, ListAllLateUsage list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        var filter = LatePage.FilterOf(name => http.Request.Query[name]);
        return await CsvList.SendAsync(
            "late-usage.csv",
            request => list.RunAsync(call, filter, request, cancellationToken),
            [
                new("Organisation", row => row.OrganisationName), new("Month", row => row.Month.ToString()), new("Metric", row => row.MetricName), new("Unit", row => row.Unit), new("Came late", row => row.Quantity),
                new("Events", row => row.EventCount), new("What becomes of it", row => LatePage.WordOf(row)), new("Difference", row => row.Amount), new("Currency", row => row.Currency), new("Invoice", row => row.InvoiceNumber),
                new("Reason", row => row.Reason), new("Settled at (UTC)", row => row.SettledAt), new("Organisation id", row => row.OrganisationId.ToString()),
            ],
            http);
    }
}
