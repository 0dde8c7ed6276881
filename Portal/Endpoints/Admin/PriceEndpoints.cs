using Portal.Access;
using Portal.Core.Pricing;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>A price; its terms by model: <c>price</c> (standard) or <c>tiers</c> (graduated).</summary>
internal sealed record PriceBody(
    Guid Id, string MetricName, string Unit, string Currency, string Model, DateOnly EffectiveFrom, DateOnly? EffectiveTo, Guid? OrganisationId, Guid? PlanId,
    string? HsnSac, string Included, string? Minimum, string? Maximum, string? Price, IReadOnlyList<TierBody>? Tiers, DateTimeOffset CreatedAt)
{
    public static PriceBody Of(PriceDetails price) => new(
        price.Id, price.MetricName, price.Unit, price.Terms.Currency, PriceModels.Name(price.Terms.Model), price.EffectiveFrom, price.EffectiveTo, price.OrganisationId, price.PlanId,
        price.HsnSac, ApiText.Number(price.Terms.Included), ApiText.Number(price.Terms.Minimum), ApiText.Number(price.Terms.Maximum), ApiText.Number(price.Terms.UnitPrice),
        price.Terms.Tiers.Count == 0 ? null : [.. price.Terms.Tiers.Select(tier => new TierBody(ApiText.Number(tier.UpTo), ApiText.Number(tier.Price), ApiText.Number(tier.Flat)))],
        price.CreatedAt);
}

/// <summary>A tier: up to <paramref name="UpTo"/>, inclusive; null for the last.</summary>
internal sealed record TierBody(string? UpTo, string Price, string Flat);

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

    public decimal? Quantity { get; init; }

    public long? EventCount { get; init; }
}

/// <summary>What a quantity would cost; <paramref name="Amount"/> is not rounded.</summary>
internal sealed record QuoteBody(string Currency, string Amount, string Rounded, string Quantity, string Included, string? Bound, IReadOnlyList<QuoteRow> Rows);

internal sealed record QuoteRow(string From, string? UpTo, string Units, string Price, string Flat, string Amount);

/// <summary>The first day no longer in force.</summary>
internal sealed record EndPriceInput(DateOnly? EffectiveTo);

internal static class PriceEndpoints
{
    public static void MapPrices(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/prices").WithTags("Prices");
        group.MapPost("/", CreateAsync).Produces<PriceBody>(StatusCodes.Status201Created).WithSummary("Make a price; it never overlaps another of its scope");
        group.MapGet("/", ListAsync).Produces<ListBody<PriceBody>>().WithSummary("List prices, newest first");
        group.MapGet("/{id:guid}", GetAsync).Produces<PriceBody>().WithSummary("Read a price");
        group.MapPost("/{id:guid}/end", EndAsync).Produces<PriceBody>().WithSummary("End a price; the only change it knows");
        group.MapPost("/quote", Quote).Produces<QuoteBody>().WithSummary("Rate a quantity; nothing is stored");
    }

    private static async Task<IResult> CreateAsync(PriceInput body, HttpContext http, CreatePrice create, CancellationToken cancellationToken) =>
        (await create.RunAsync(http.Call(), body, cancellationToken)).ToCreated(price => $"/api/v1/admin/prices/{price.Id}", PriceBody.Of);

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, string? metricName, Guid? organisationId, DateOnly? inForceOn, HttpContext http, ListPrices list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var filter = new PriceFilter { MetricName = metricName, OrganisationId = organisationId, InForceOn = inForceOn };
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
        };
        return quote.Run(http.Call(), price, body.Quantity, body.EventCount ?? 0).ToOk(quoted => new QuoteBody(
            quoted.Currency, ApiText.Amount(quoted.Amount, quoted.Currency), ApiText.Amount(quoted.Rounded, quoted.Currency),
            ApiText.Number(quoted.Rated.Quantity), ApiText.Number(quoted.Rated.Included), quoted.Rated.Bound,
            [.. quoted.Rated.Rows.Select(row => new QuoteRow(ApiText.Number(row.From), ApiText.Number(row.UpTo), ApiText.Number(row.Units),
                ApiText.Number(row.Price), ApiText.Number(row.Flat), ApiText.Amount(row.Amount, quoted.Currency)))]));
    }
}
