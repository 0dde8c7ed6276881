using Portal.Access;
using Portal.Core.Access;
using Portal.Core.Metering;
using Portal.Core.PrepaidCredits;

namespace Portal.Endpoints.Downloads;

/// <summary>The receipt voucher of a top-up, and the movements of prepaid credits as CSV.</summary>
internal static class PrepaidDownloads
{
    private static readonly object?[] s_head =
        ["When (UTC)", "Kind", "Credits", "Balance after", "Source", "Metric", "Unit", "Month of usage", "Quantity covered", "Expires (UTC)", "Description", "Id"];

    public static async Task<IResult> VoucherForStaffAsync(Guid id, HttpContext http, ICallContexts calls, EnsureVoucherFile files, CancellationToken cancellationToken) =>
        await VoucherAsync(await calls.ForStaffAsync(cancellationToken), id, http, files, cancellationToken);

    public static async Task<IResult> VoucherForCustomerAsync(Guid organisationId, Guid id, HttpContext http, ICallContexts calls, EnsureVoucherFile files, CancellationToken cancellationToken) =>
        await VoucherAsync(await calls.ForOrganisationAsync(organisationId, cancellationToken), id, http, files, cancellationToken);

    public static async Task<IResult> MovementsForStaffAsync(Guid organisationId, HttpContext http, ICallContexts calls, ListPrepaidMovements list, CancellationToken cancellationToken) =>
        await MovementsAsync(await calls.ForStaffAsync(cancellationToken), organisationId, http, list, cancellationToken);

    public static async Task<IResult> MovementsForCustomerAsync(Guid organisationId, HttpContext http, ICallContexts calls, ListPrepaidMovements list, CancellationToken cancellationToken) =>
        await MovementsAsync(await calls.ForOrganisationAsync(organisationId, cancellationToken), organisationId, http, list, cancellationToken);

    private static async Task<IResult> VoucherAsync(CallContext call, Guid id, HttpContext http, EnsureVoucherFile files, CancellationToken cancellationToken)
    {
        var voucher = await files.RunAsync(call, id, cancellationToken);
        if (voucher.Succeeded)
            return Pdf.Of(http, voucher.Value.Content, voucher.Value.Number);
        if (voucher.Failure.Code == "document_unavailable")
            http.Response.Headers.RetryAfter = "5";
        return voucher.Failures.ToStatus();
    }

    private static Task<IResult> MovementsAsync(CallContext call, Guid organisationId, HttpContext http, ListPrepaidMovements list, CancellationToken cancellationToken) => CsvList.SendAsync(
        "prepaid-credits.csv",
        s_head,
        request => list.RunAsync(call, organisationId, request, cancellationToken),
        row => row.Id,
        row =>
        [
            row.CreatedAt, row.Kind, Plain(row.Amount), Plain(row.BalanceAfter), row.Source, row.MetricName, row.Unit, row.Month is { } month ? BillingMonth.FromIndex(month).ToString() : null, Plain(row.Quantity),
            row.ExpiresAt, row.Description, row.Id.ToString(),
        ],
        http);

    // Without the zeros that the database's scale leaves behind.
    private static decimal? Plain(decimal? number) => number / 1.0000000000000000000000000000m;
}
