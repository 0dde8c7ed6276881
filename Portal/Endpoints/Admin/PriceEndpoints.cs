using Portal.Access;
using Portal.Core.Pricing;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>A price. Of the terms, those of the model are there; see the model's own fields in what is sent.</summary>
internal sealed record PriceBody(
    Guid Id, string MetricName, string Unit, string Currency, string Model, DateOnly EffectiveFrom, DateOnly? EffectiveTo, Guid? OrganisationId, Guid? PlanId,
    string? HsnSac, string Included, string? Minimum, string? Maximum, string? Price, IReadOnlyList<TierBody>? Tiers, IReadOnlyList<StepBody>? Steps,
    string? Size, string? Free, string? Rate, string? FreeAmount, string? Fee, long? FreeEvents, IReadOnlyList<CliffBody> Warnings, DateTimeOffset CreatedAt)
{
    public static PriceBody Of(PriceDetails price)
    {
        var terms = price.Terms;
        var isRate = terms.Model == PriceModel.GraduatedPercentage;
        return new(
            price.Id, price.MetricName, price.Unit, terms.Currency, PriceModels.Name(terms.Model), price.EffectiveFrom, price.EffectiveTo, price.OrganisationId, price.PlanId,
            price.HsnSac, ApiText.Number(terms.Included), ApiText.Number(terms.Minimum), ApiText.Number(terms.Maximum), ApiText.Number(terms.UnitPrice),
            terms.Tiers.Count == 0 || terms.Model == PriceModel.StairStep
                ? null
                : [.. terms.Tiers.Select(tier => new TierBody(ApiText.Number(tier.UpTo), isRate ? null : ApiText.Number(tier.Price), isRate ? ApiText.Number(tier.Price) : null, ApiText.Number(tier.Flat)))],
            terms.Model == PriceModel.StairStep ? [.. terms.Tiers.Select(step => new StepBody(ApiText.Number(step.UpTo), ApiText.Number(step.Price)))] : null,
            ApiText.Number(terms.Package?.Size), ApiText.Number(terms.Package?.Free), ApiText.Number(terms.Percentage?.Rate), ApiText.Number(terms.Percentage?.FreeAmount),
            ApiText.Number(terms.Percentage?.Fee), terms.Percentage?.FreeEvents, CliffBody.Of(terms), price.CreatedAt);
    }
}

/// <summary>A tier: up to <paramref name="UpTo"/>, inclusive, null for the last; with a price, or a rate in per cent.</summary>
internal sealed record TierBody(string? UpTo, string? Price, string? Rate, string Flat);

/// <summary>A step: up to <paramref name="UpTo"/>, inclusive, null for the last; the price is for the whole quantity.</summary>
internal sealed record StepBody(string? UpTo, string Price);

/// <summary>Above this quantity the whole amount moves from <paramref name="Before"/> to <paramref name="After"/>: a warning, not a refusal.</summary>
internal sealed record CliffBody(string Above, string Before, string After)
{
    public static IReadOnlyList<CliffBody> Of(PriceTerms terms) =>
        [.. PriceCurve.Cliffs(terms).Select(cliff => new CliffBody(ApiText.Number(cliff.Above), ApiText.Amount(cliff.Before, terms.Currency), ApiText.Amount(cliff.After, terms.Currency)))];
}

/// <summary>A price, and what is to be rated under it.</summary>
internal sealed record QuoteInput
{
    public string? Currency { get; init; }

    public string? Model { get; init; }

    public decimal? Included { get; init; }

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }

    public decimal? Price { get; init; }

    public IReadOnlyList<TierInput>? Tiers { get; init; }

    public IReadOnlyList<StepInput>? Steps { get; init; }

    public decimal? Size { get; init; }

    public decimal? Free { get; init; }

    public decimal? Rate { get; init; }

    public decimal? FreeAmount { get; init; }

    public decimal? Fee { get; init; }

    public long? FreeEvents { get; init; }

    public decimal? Quantity { get; init; }

    public long? EventCount { get; init; }
}

/// <summary>What a quantity would cost; <paramref name="Amount"/> is not rounded.</summary>
internal sealed record QuoteBody(
    string Currency, string Amount, string Rounded, string Quantity, string Included, long EventCount, string? Bound, IReadOnlyList<QuoteRow> Rows, IReadOnlyList<CliffBody> Warnings);

/// <summary>A row of the amount; <c>kind</c> says what <c>units</c> counts: <c>units packages step share events</c>. Of a share the price is per cent, of a step the whole.</summary>
internal sealed record QuoteRow(string From, string? UpTo, string Units, string Price, string Flat, string Amount, string Kind);

/// <summary>The first day no longer in force.</summary>
internal sealed record EndPriceInput(DateOnly? EffectiveTo);

internal static class PriceEndpoints
{
    public static void MapPrices(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/prices").WithTags("Prices");
        group.MapPost("/", CreateAsync).Produces<PriceBody>(StatusCodes.Status201Created).WithSummary("Create a price; it can't overlap another of its scope").WithExamples(PriceExamples.Prices);
        group.MapGet("/", ListAsync).Produces<ListBody<PriceBody>>().WithSummary("List prices, newest first");
        group.MapGet("/{id:guid}", GetAsync).Produces<PriceBody>().WithSummary("Read a price");
        group.MapPost("/{id:guid}/end", EndAsync).Produces<PriceBody>().WithSummary("End a price; nothing else can be changed");
        group.MapPost("/quote", Quote).Produces<QuoteBody>().WithSummary("Rate a quantity; nothing is stored").WithExamples(PriceExamples.Quotes);
    }

    private static async Task<IResult> CreateAsync(PriceInput body, HttpContext http, CreatePrice create, CancellationToken cancellationToken) =>
        (await create.RunAsync(http.Call(), body, cancellationToken)).ToCreated(price => $"/api/v1/admin/prices/{price.Id}", PriceBody.Of);

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, string? metricName, Guid? organisationId, Guid? planId, DateOnly? inForceOn, HttpContext http, ListPrices list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var filter = new PriceFilter { MetricName = metricName, OrganisationId = organisationId, PlanId = planId, InForceOn = inForceOn };
        var page = await list.RunAsync(http.Call(), filter, request.Value, cancellationToken);
        return page.ToOk(rows => ListBody<PriceBody>.Of(rows, row => row.Id, PriceBody.Of));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, GetPrice get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), id, cancellationToken)).ToOk(PriceBody.Of);

    private static async Task<IResult> EndAsync(Guid id, EndPriceInput body, HttpContext http, EndPrice end, CancellationToken cancellationToken) =>
        (await end.RunAsync(http.Call(), new EndPriceRequest(id, body.EffectiveTo), cancellationToken)).ToOk(PriceBody.Of);

    private static IResult Quote(QuoteInput body, HttpContext http, QuotePrice quote)
    {
        var price = new PriceInput
        {
            Currency = body.Currency,
            Model = body.Model,
            Included = body.Included,
            Minimum = body.Minimum,
            Maximum = body.Maximum,
            Price = body.Price,
            Tiers = body.Tiers,
            Steps = body.Steps,
            Size = body.Size,
            Free = body.Free,
            Rate = body.Rate,
            FreeAmount = body.FreeAmount,
            Fee = body.Fee,
            FreeEvents = body.FreeEvents,
        };
        return quote.Run(http.Call(), price, body.Quantity, body.EventCount ?? 0).ToOk(quoted => new QuoteBody(
            quoted.Currency, ApiText.Amount(quoted.Amount, quoted.Currency), ApiText.Amount(quoted.Rounded, quoted.Currency),
            ApiText.Number(quoted.Rated.Quantity), ApiText.Number(quoted.Rated.Included), quoted.Rated.EventCount, quoted.Rated.Bound,
            [.. quoted.Rated.Rows.Select(row => new QuoteRow(ApiText.Number(row.From), ApiText.Number(row.UpTo), ApiText.Number(row.Units),
                ApiText.Number(row.Price), ApiText.Number(row.Flat), ApiText.Amount(row.Amount, quoted.Currency), ApiText.Word(row.Kind)))],
            CliffBody.Of(quoted.Terms)));
    }
}
