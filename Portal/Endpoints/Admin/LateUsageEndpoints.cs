using Portal.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>Usage that no invoice holds: late, with the exact difference to what was billed, and without a price.</summary>
internal sealed record UnbilledBody(Guid OrganisationId, string Currency, IReadOnlyList<LateUsageItem> Late, IReadOnlyList<UnpricedItem> Unpriced, string? HoldReason)
{
    public static UnbilledBody Of(UnbilledUsage usage) => new(
        usage.OrganisationId, usage.Currency,
        [.. usage.Late.Select(line => LateUsageItem.Of(line, usage.Currency))],
        [.. usage.Unpriced.Select(unpriced => new UnpricedItem(usage.OrganisationId, unpriced.MetricName, unpriced.Unit, unpriced.Month.ToString(), ApiText.Number(unpriced.Quantity), unpriced.EventCount))],
        usage.HoldReason);
}

/// <summary>Usage of a month that came after its invoice. <paramref name="Amount"/> is the month's amount now less what was billed; negative becomes account credit.</summary>
internal sealed record LateUsageItem(string Period, string MetricName, string Unit, string Quantity, long EventCount, string BilledBefore, string Amount)
{
    public static LateUsageItem Of(DraftLine line, string currency) => new(
        line.UsageMonth.ToString(), line.MetricName, line.Unit, ApiText.Number(line.Quantity), line.EventCount,
        ApiText.Amount(line.Explanation.BilledBefore?.Amount ?? 0, currency), ApiText.Amount(line.Amount, currency));
}

/// <summary>Late usage to give up; with <paramref name="Amount"/>, only if it still comes to that.</summary>
internal sealed record WriteOffInput(int? Year, int? Month, string? MetricName, string? Unit, string? Reason, decimal? Amount);

/// <summary>Late usage that was given up.</summary>
internal sealed record WriteOffBody(Guid Id, Guid OrganisationId, int Year, int Month, string MetricName, string Unit, string Quantity, long EventCount, string Amount, string Currency, string Reason, DateTimeOffset CreatedAt)
{
    public static WriteOffBody Of(LateUsageWriteOff written) => new(
        written.Id, written.OrganisationId, written.UsageYear, written.UsageMonth, written.MetricName, written.Unit, ApiText.Number(written.Quantity), written.EventCount,
        ApiText.Amount(written.Amount, written.Currency), written.Currency, written.Reason, written.CreatedAt);
}

internal static class LateUsageEndpoints
{
    public static void MapLateUsage(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/organisations/{id:guid}").WithTags("Late usage");
        group.MapGet("/unbilled-usage", GetAsync).Produces<UnbilledBody>().WithSummary("Late and unpriced usage of an organisation");
        group.MapPost("/late-usage/bill", BillAsync).Produces<BillingRunBody>(StatusCodes.Status202Accepted).WithSummary("Bill late usage now, on a separate invoice");
        group.MapPost("/late-usage/write-off", WriteOffAsync).Produces<WriteOffBody>(StatusCodes.Status201Created).WithSummary("Write off late usage, with a reason");
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, GetUnbilledUsage get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), id, cancellationToken)).ToOk(UnbilledBody.Of);

    private static async Task<IResult> BillAsync(Guid id, HttpContext http, StartBillingRun start, CancellationToken cancellationToken)
    {
        var started = await start.RunAsync(http.Call(), new StartBillingRunRequest { OrganisationId = id, LateOnly = true }, cancellationToken);
        return started.Succeeded ? TypedResults.Accepted($"/api/v1/admin/billing-runs/{started.Value.Id}", BillingRunBody.Of(started.Value)) : started.Failures.ToProblem();
    }

    private static async Task<IResult> WriteOffAsync(Guid id, WriteOffInput body, HttpContext http, WriteOffLateUsage writeOff, CancellationToken cancellationToken)
    {
        var request = new WriteOffLateUsageRequest
        {
            OrganisationId = id, Year = body.Year ?? 0, Month = body.Month ?? 0, MetricName = body.MetricName, Unit = body.Unit, Reason = body.Reason, Amount = body.Amount,
        };
        return (await writeOff.RunAsync(http.Call(), request, cancellationToken)).ToCreated(_ => $"/api/v1/admin/organisations/{id}/unbilled-usage", WriteOffBody.Of);
    }
}
