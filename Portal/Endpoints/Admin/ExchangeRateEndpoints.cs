using Portal.Access;
using Portal.Core.Currencies;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>An exchange rate: 1 of the base is so much of the target.</summary>
internal sealed record ExchangeRateBody(Guid Id, string BaseCurrency, string TargetCurrency, string Rate, DateOnly EffectiveFrom, DateOnly? EffectiveTo, string Source, DateTimeOffset CreatedAt)
{
    public static ExchangeRateBody Of(ExchangeRate rate) => new(rate.Id, rate.BaseCurrency, rate.TargetCurrency, ApiText.Number(rate.Rate), rate.EffectiveFrom, rate.EffectiveTo, rate.Source, rate.CreatedAt);
}

/// <summary>CSV with the columns base, target, rate, effectiveFrom, and effectiveTo and source where there are.</summary>
internal sealed record ExchangeRateImportInput(string? Csv, string? Source);

/// <summary>Days without a rate.</summary>
internal sealed record GapsBody(IReadOnlyList<ExchangeRateGap> Items);

internal static class ExchangeRateEndpoints
{
    public static void MapExchangeRates(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/exchange-rates").WithTags("Exchange rates");
        group.MapGet("/", ListAsync).Produces<ListBody<ExchangeRateBody>>().WithSummary("List exchange rates, newest first");
        group.MapPost("/", CreateAsync).Produces<ExchangeRateBody>(StatusCodes.Status201Created).WithSummary("Create a rate; the pair's current rate ends when it starts");
        group.MapPost("/{id:guid}/end", EndAsync).Produces<ExchangeRateBody>().WithSummary("End a rate; nothing else can be changed");
        group.MapPost("/import", ImportAsync).Produces<ExchangeRateImport>().WithSummary("Import rates from CSV; rejected rows are listed");
        group.MapGet("/gaps", GapsAsync).Produces<GapsBody>().WithSummary("List a pair's days without a rate");
    }

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, string? baseCurrency, string? targetCurrency, DateOnly? inForceOn, HttpContext http, ListExchangeRates list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var page = await list.RunAsync(http.Call(), new ExchangeRateFilter(baseCurrency, targetCurrency, inForceOn), request.Value, cancellationToken);
        return page.ToOk(rows => ListBody<ExchangeRateBody>.Of(rows, row => row.Id, ExchangeRateBody.Of));
    }

    private static async Task<IResult> CreateAsync(ExchangeRateInput body, HttpContext http, CreateExchangeRate create, CancellationToken cancellationToken) =>
        (await create.RunAsync(http.Call(), body, cancellationToken)).ToCreated(rate => $"{AdminApi.Root}/exchange-rates/{rate.Id}", ExchangeRateBody.Of);

    private static async Task<IResult> EndAsync(Guid id, EndRateInput body, HttpContext http, EndExchangeRate end, CancellationToken cancellationToken) =>
        (await end.RunAsync(http.Call(), id, body.EffectiveTo, cancellationToken)).ToOk(ExchangeRateBody.Of);

    private static async Task<IResult> ImportAsync(ExchangeRateImportInput body, HttpContext http, ImportExchangeRates import, CancellationToken cancellationToken) =>
        (await import.RunAsync(http.Call(), body.Csv ?? "", string.IsNullOrWhiteSpace(body.Source) ? "import" : body.Source.Trim(), cancellationToken)).ToOk(outcome => outcome);

    private static async Task<IResult> GapsAsync(HttpContext http, ListExchangeRateGaps gaps, CancellationToken cancellationToken) =>
        (await gaps.RunAsync(http.Call(), cancellationToken)).ToOk(rows => new GapsBody(rows));
}
