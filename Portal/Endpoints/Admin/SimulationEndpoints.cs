using Portal.Access;
using Portal.Core.Simulations;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>What to try out, a price or a plan, over the last so many months. Left out: all organisations; a rise of more than 25 per cent is listed.</summary>
internal sealed record SimulationInputBody(int? Months, Guid? OrganisationId, decimal? CliffPercent, Core.Pricing.PriceInput? Price, PlanDraft? Plan);

/// <summary>A simulation; amounts are before tax. <c>current</c> is what today's prices and plans give for the same usage.</summary>
internal sealed record SimulationBody(
    Guid Id, string Kind, string Title, string FirstMonth, string LastMonth, DateOnly PricedOn, Guid? OrganisationId, string CliffPercent, string State, int Total, int Done, int Failed,
    string? Error, string StartedBy, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, SimulationDraft Draft, IReadOnlyList<SimulationSummaryBody>? Currencies)
{
    public static SimulationBody Of(SimulationDetails row) => Of(row, null);

    public static SimulationBody Of(SimulationDetails row, IReadOnlyList<SimulationSummaryBody>? currencies) => new(
        row.Id, ApiText.Word(row.Kind), row.Title, row.First.ToString(), row.Last.ToString(), row.PricedOn, row.OrganisationId, ApiText.Number(row.CliffPercent), ApiText.Word(row.State), row.Total, row.Done, row.Failed,
        row.Error, row.StartedBy, row.CreatedAt, row.StartedAt, row.FinishedAt, row.Draft, currencies);
}

/// <summary>What it comes to in a currency; nothing is added up across currencies.</summary>
internal sealed record SimulationSummaryBody(string Currency, string Current, string Simulated, string Difference, int Organisations, int More, int Less, int Same, int Cliffs, int Unpriced)
{
    public static SimulationSummaryBody Of(SimulationSummary sum) => new(
        sum.Currency, ApiText.Amount(sum.Current, sum.Currency), ApiText.Amount(sum.Simulated, sum.Currency), ApiText.Amount(sum.Difference, sum.Currency),
        sum.Organisations, sum.More, sum.Less, sum.Same, sum.Cliffs, sum.Unpriced);
}

/// <summary>An organisation of a simulation.</summary>
internal sealed record SimulationResultBody(
    Guid OrganisationId, string OrganisationName, string State, string? Currency, string? Current, string? Simulated, string? Difference, string? Percent,
    IReadOnlyList<SimulatedMonthBody> Months, SimulatedJumpBody? Cliff, int Unpriced, string? Reason)
{
    public static SimulationResultBody Of(SimulationRow row) => new(
        row.OrganisationId, row.OrganisationName, ApiText.Word(row.State), row.Currency, Amount(row, row.Current), Amount(row, row.Simulated), Amount(row, row.Difference), ApiText.Number(row.Percent),
        [.. row.Months.Select(month => new SimulatedMonthBody(month.Month, Amount(row, month.Current)!, Amount(row, month.Simulated)!))],
        row.Jump is { } jump
            ? new SimulatedJumpBody(jump.Month, Amount(row, jump.Current)!, Amount(row, jump.Simulated)!, jump.MetricName, jump.Unit, ApiText.Number(jump.Quantity), ApiText.Number(jump.Threshold))
            : null,
        row.Unpriced, row.Reason);

    private static string? Amount(SimulationRow row, decimal amount) => row.Currency is { } currency ? ApiText.Amount(amount, currency) : null;
}

/// <summary>A month of it.</summary>
internal sealed record SimulatedMonthBody(string Month, string Current, string Simulated);

/// <summary>The month in which the bill rises most, by which metric, and above which bound of the draft's tiers.</summary>
internal sealed record SimulatedJumpBody(string Month, string Current, string Simulated, string? MetricName, string? Unit, string? Quantity, string? Threshold);

internal static class SimulationEndpoints
{
    public static void MapSimulations(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/simulations").WithTags("Simulations");
        group.MapPost("/", StartAsync).Produces<SimulationBody>(StatusCodes.Status202Accepted).WithSummary("Replay past months with a draft price or plan; only the result is stored").WithExamples(
        [
            ("price", """{ "months": 3, "price": { "metricName": "api_calls", "unit": "calls", "currency": "INR", "model": "volume", "tiers": [{ "upTo": 1000, "price": "0.10" }, { "upTo": null, "price": "0.08" }] } }"""),
            ("plan", """{ "months": 12, "cliffPercent": 20, "plan": { "planId": "01900000-0000-7000-8000-000000000001", "priceAmount": "1500", "interval": "month", "minimumCommitment": "500" } }"""),
        ]);
        group.MapGet("/", ListAsync).Produces<ListBody<SimulationBody>>().WithSummary("List simulations, newest first");
        group.MapGet("/{id:guid}", GetAsync).Produces<SimulationBody>().WithSummary("Read a simulation's progress and result by currency");
        group.MapGet("/{id:guid}/results", ResultsAsync).Produces<ListBody<SimulationResultBody>>().WithSummary("What each organisation would pay, by month");
        group.MapPost("/{id:guid}/cancel", CancelAsync).Produces<SimulationBody>().WithSummary("Cancel a simulation; what was replayed is kept");
    }

    private static async Task<IResult> StartAsync(SimulationInputBody body, HttpContext http, StartSimulation start, CancellationToken cancellationToken)
    {
        var request = new StartSimulationRequest { Months = body.Months, OrganisationId = body.OrganisationId, CliffPercent = body.CliffPercent, Draft = new SimulationDraft { Price = body.Price, Plan = body.Plan } };
        var started = await start.RunAsync(http.Call(), request, cancellationToken);
        return started.Succeeded ? TypedResults.Accepted($"{AdminApi.Root}/simulations/{started.Value.Id}", SimulationBody.Of(started.Value)) : started.Failures.ToProblem();
    }

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, HttpContext http, ListSimulations list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var page = await list.RunAsync(http.Call(), null, request.Value, cancellationToken);
        return page.ToOk(rows => ListBody<SimulationBody>.Of(rows, row => row.Id, SimulationBody.Of));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, GetSimulation get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), id, cancellationToken)).ToOk(found => SimulationBody.Of(found.Simulation, [.. found.Currencies.Select(SimulationSummaryBody.Of)]));

    private static async Task<IResult> ResultsAsync(Guid id, [AsParameters] Paging paging, string? change, string? currency, HttpContext http, ListSimulationResults list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var page = await list.RunAsync(http.Call(), id, new SimulationResultFilter(change, currency), request.Value, cancellationToken);
        return page.ToOk(rows => ListBody<SimulationResultBody>.Of(rows, row => row.OrganisationId, SimulationResultBody.Of));
    }

    private static async Task<IResult> CancelAsync(Guid id, HttpContext http, CancelSimulation cancel, CancellationToken cancellationToken) =>
        (await cancel.RunAsync(http.Call(), id, cancellationToken)).ToOk(SimulationBody.Of);
}
