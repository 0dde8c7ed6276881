using System.Globalization;
using Portal.Access;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Tax;

namespace Portal.Endpoints.Downloads;

/// <summary>A month's tax reports as CSV, columns as GSTR-1 has them.</summary>
internal static class TaxReportFiles
{
    public static async Task<IResult> HsnAsync(string? month, ICallContexts calls, ReportHsnSummary report, CancellationToken cancellationToken) => await SendAsync(
        month,
        "hsn",
        ["HSN/SAC", "Unit", "Currency", "Rate %", "Total quantity", "Total value", "Taxable value", "Integrated tax", "Central tax", "State/UT tax", "Other tax", "Filed in", "Taxable value as filed"],
        (call, wanted) => report.RunAsync(call, wanted, cancellationToken),
        row => [row.HsnSac, row.Unit, row.Currency, row.Rate, row.Quantity, row.Total, row.Taxable, row.Integrated, row.Central, row.State, row.Other, row.FiledIn, row.Filed],
        await calls.ForStaffAsync(cancellationToken));

    public static async Task<IResult> DocumentsAsync(string? month, ICallContexts calls, ReportDocumentsIssued report, CancellationToken cancellationToken) => await SendAsync(
        month,
        "documents",
        ["Nature of document", "Series", "Sr. No. from", "Sr. No. to", "Total number", "Cancelled", "Net issued"],
        (call, wanted) => report.RunAsync(call, wanted, cancellationToken),
        row => [row.Nature, row.Series, row.From, row.To, row.Total, row.Cancelled, row.Net],
        await calls.ForStaffAsync(cancellationToken));

    /// <summary>A month such as <c>2026-10</c>; null when it is none.</summary>
    public static BillingMonth? MonthOf(string? text) => DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) ? new BillingMonth(first.Year, first.Month) : null;

    private static async Task<IResult> SendAsync<T>(string? month, string name, IReadOnlyList<object?> head, Func<CallContext, BillingMonth, Task<Result<IReadOnlyList<T>>>> load, Func<T, IReadOnlyList<object?>> cells, CallContext call)
    {
        if (MonthOf(month) is not { } wanted)
            return TypedResults.BadRequest();
        var rows = await load(call, wanted);
        if (!rows.Succeeded)
            return rows.Failures.ToStatus();
        return TypedResults.Stream(
            async output =>
            {
                await using var csv = new CsvWriter(output);
                await csv.RowAsync(head);
                foreach (var row in rows.Value)
                    await csv.RowAsync(cells(row));
            },
            "text/csv; charset=utf-8",
            $"{name}-{wanted}.csv");
    }
}
