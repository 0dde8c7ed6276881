using Portal.Access;
using Portal.Core.Metering;
using Portal.Core.Payments;
using Portal.Core.PrepaidCredits;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>A pack of prepaid credits.</summary>
internal sealed record CreditProductBody(
    Guid Id, string Name, string? Description, string Credits, string Price, string Currency, int? ValidityDays, string? HsnSac, string? ProviderProductId, string? ProviderPriceId, bool IsActive,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static CreditProductBody Of(CreditProduct product) => new(
        product.Id, product.Name, product.Description, ApiText.Number(product.Credits), ApiText.Amount(product.Price, product.Currency), product.Currency, product.ValidityDays, product.HsnSac,
        product.ProviderProductId, product.ProviderPriceId, product.IsActive, product.CreatedAt, product.UpdatedAt);
}

/// <summary>What a unit of a metric costs in prepaid credits.</summary>
internal sealed record CreditCostBody(
    Guid Id, string Name, string? Description, string? Category, string MetricName, string Unit, string CreditsPerUnit, DateOnly EffectiveFrom, DateOnly? EffectiveTo, DateTimeOffset CreatedAt)
{
    public static CreditCostBody Of(CreditCost cost) => new(
        cost.Id, cost.Name, cost.Description, cost.Category, cost.MetricName, cost.Unit, ApiText.Number(cost.CreditsPerUnit), cost.EffectiveFrom, cost.EffectiveTo, cost.CreatedAt);
}

/// <summary>The first day no longer in force.</summary>
internal sealed record EndCreditCostInput(DateOnly? EffectiveTo);

/// <summary>Credits with something left; <paramref name="Kind"/>: <c>purchase plan promotional staff</c>.</summary>
internal sealed record PrepaidGrantBody(Guid Id, string Kind, string Credits, string Remaining, DateTimeOffset GrantedAt, DateTimeOffset? ExpiresAt, string? Reason);

/// <summary>At the pace of the last days; <paramref name="RunsOutAt"/> is null when they last as things stand.</summary>
internal sealed record PrepaidForecastBody(string CreditsPerDay, int Days, DateTimeOffset? RunsOutAt, string WillExpire);

/// <summary>An organisation's prepaid credits: units, not money.</summary>
internal sealed record PrepaidWalletBody(Guid OrganisationId, string Balance, IReadOnlyList<PrepaidGrantBody> Grants, PrepaidForecastBody Forecast)
{
    public static PrepaidWalletBody Of(Guid organisationId, PrepaidCreditsView view) => new(
        organisationId, ApiText.Number(view.Balance),
        [.. view.Grants.Select(grant => new PrepaidGrantBody(
            grant.Id, ApiText.Word(grant.Kind), ApiText.Number(grant.Credits), ApiText.Number(grant.Remaining), grant.GrantedAt, grant.ExpiresAt, grant.Reason))],
        new PrepaidForecastBody(ApiText.Number(decimal.Round(view.Forecast.PerDay, 6, MidpointRounding.AwayFromZero)), view.Forecast.Days, view.Forecast.RunsOutAt, ApiText.Number(view.Forecast.WillExpire)));
}

/// <summary>A movement; <paramref name="Amount"/> below 0 is credits taken. Of usage: metric, unit, month and the quantity that was covered.</summary>
internal sealed record PrepaidMovementBody(
    Guid Id, string Kind, string Amount, string BalanceAfter, string Source, string? MetricName, string? Unit, string? Month, string? Quantity, DateTimeOffset? ExpiresAt, string? Description, DateTimeOffset CreatedAt)
{
    public static PrepaidMovementBody Of(PrepaidMovementLine row) => new(
        row.Id, ApiText.Word(row.Kind), ApiText.Number(row.Amount), ApiText.Number(row.BalanceAfter), row.Source, row.MetricName, row.Unit,
        row.Month is { } month ? BillingMonth.FromIndex(month).ToString() : null, ApiText.Number(row.Quantity), row.ExpiresAt, row.Description, row.CreatedAt);
}

/// <summary>Credits to grant; with a reason, and nothing is paid. <c>expiresAt</c> left out: never.</summary>
internal sealed record GrantCreditsInput(decimal? Credits, bool? IsPromotional, DateTimeOffset? ExpiresAt, string? Reason);

/// <summary>A pack that was bought; once paid with the number of its receipt voucher.</summary>
internal sealed record PrepaidPurchaseBody(
    Guid Id, Guid OrganisationId, Guid CreditProductId, string ProductName, string Credits, string Status, string Currency, string Net, string Tax, string Total, string? Number, Guid? PaymentId,
    DateTimeOffset? PaidAt, DateTimeOffset CreatedAt)
{
    public static PrepaidPurchaseBody Of(PrepaidPurchase row) => new(
        row.Id, row.OrganisationId, row.CreditProductId, row.ProductName, ApiText.Number(row.Credits), ApiText.Word(row.Status), row.Currency, ApiText.Amount(row.Net, row.Currency),
        ApiText.Amount(row.Tax, row.Currency), ApiText.Amount(row.Total, row.Currency), row.Number, row.PaymentId, row.PaidAt, row.CreatedAt);
}

internal static class PrepaidEndpoints
{
    private static readonly (string, string)[] s_products = [("pack", """{ "name": "1,000 credits", "credits": 1000, "price": "999.00", "currency": "INR", "validityDays": 365, "hsnSac": "998315" }""")];
    private static readonly (string, string)[] s_costs = [("per call", """{ "metricName": "api_calls", "unit": "calls", "creditsPerUnit": "0.05", "effectiveFrom": "2026-12-01" }""")];
    private static readonly (string, string)[] s_grants =
    [
        ("made good", """{ "credits": 50, "reason": "Outage of 3 December", "expiresAt": "2027-03-31T18:30:00Z" }"""),
        ("promotion", """{ "credits": 100, "isPromotional": true, "reason": "Welcome" }"""),
    ];

    public static void MapPrepaidCredits(this RouteGroupBuilder admin)
    {
        var products = admin.MapGroup("/credit-products").WithTags("Prepaid credits");
        products.MapGet("/", ListProductsAsync).Produces<ListBody<CreditProductBody>>().WithSummary("List packs of credits, by name");
        products.MapPost("/", CreateProductAsync).Produces<CreditProductBody>(StatusCodes.Status201Created).WithSummary("Create a pack of credits").WithExamples(s_products);
        products.MapGet("/{id:guid}", GetProductAsync).Produces<CreditProductBody>().WithSummary("Read a pack");
        products.MapPut("/{id:guid}", ChangeProductAsync).Produces<CreditProductBody>().WithSummary("Update a pack for new purchases").WithExamples(s_products);
        var costs = admin.MapGroup("/credit-costs").WithTags("Prepaid credits");
        costs.MapGet("/", ListCostsAsync).Produces<ListBody<CreditCostBody>>().WithSummary("List credit costs, newest first");
        costs.MapPost("/", CreateCostAsync).Produces<CreditCostBody>(StatusCodes.Status201Created).WithSummary("Create a credit cost; it can't overlap another of its metric").WithExamples(s_costs);
        costs.MapPost("/{id:guid}/end", EndCostAsync).Produces<CreditCostBody>().WithSummary("End a credit cost; nothing else can be changed");
        var wallet = admin.MapGroup("/organisations/{id:guid}/prepaid-credits").WithTags("Prepaid credits");
        wallet.MapGet("/", WalletAsync).Produces<PrepaidWalletBody>().WithSummary("An organisation's prepaid credits: balance, what expires when, and the forecast");
        wallet.MapGet("/movements", MovementsAsync).Produces<ListBody<PrepaidMovementBody>>().WithSummary("List transactions with the balance after each, newest first");
        wallet.MapGet("/purchases", PurchasesAsync).Produces<ListBody<PrepaidPurchaseBody>>().WithSummary("List purchased packs, newest first");
        wallet.MapPost("/grants", GrantAsync).Produces<PrepaidGrantBody>(StatusCodes.Status201Created).WithSummary("Grant credits with a reason; nothing is charged or taxed").WithExamples(s_grants);
    }

    private static async Task<IResult> ListProductsAsync([AsParameters] Paging paging, HttpContext http, ListCreditProducts list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        return request.Succeeded
            ? (await list.RunAsync(http.Call(), request.Value, cancellationToken)).ToOk(rows => ListBody<CreditProductBody>.Of(rows, row => row.Id, CreditProductBody.Of))
            : request.Failures.ToProblem();
    }

    private static async Task<IResult> CreateProductAsync(CreditProductInput body, HttpContext http, SaveCreditProduct save, CancellationToken cancellationToken) =>
        (await save.RunAsync(http.Call(), null, body, cancellationToken)).ToCreated(product => $"{AdminApi.Root}/credit-products/{product.Id}", CreditProductBody.Of);

    private static async Task<IResult> GetProductAsync(Guid id, HttpContext http, GetCreditProduct get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), id, cancellationToken)).ToOk(CreditProductBody.Of);

    private static async Task<IResult> ChangeProductAsync(Guid id, CreditProductInput body, HttpContext http, SaveCreditProduct save, CancellationToken cancellationToken) =>
        (await save.RunAsync(http.Call(), id, body, cancellationToken)).ToOk(CreditProductBody.Of);

    private static async Task<IResult> ListCostsAsync([AsParameters] Paging paging, string? metricName, HttpContext http, ListCreditCosts list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        return request.Succeeded
            ? (await list.RunAsync(http.Call(), request.Value with { Search = metricName }, cancellationToken)).ToOk(rows => ListBody<CreditCostBody>.Of(rows, row => row.Id, CreditCostBody.Of))
            : request.Failures.ToProblem();
    }

    private static async Task<IResult> CreateCostAsync(CreditCostInput body, HttpContext http, CreateCreditCost create, CancellationToken cancellationToken) =>
        (await create.RunAsync(http.Call(), body, cancellationToken)).ToCreated(cost => $"{AdminApi.Root}/credit-costs/{cost.Id}", CreditCostBody.Of);

    private static async Task<IResult> EndCostAsync(Guid id, EndCreditCostInput body, HttpContext http, EndCreditCost end, CancellationToken cancellationToken) =>
        (await end.RunAsync(http.Call(), id, body.EffectiveTo, cancellationToken)).ToOk(CreditCostBody.Of);

    private static async Task<IResult> WalletAsync(Guid id, HttpContext http, GetPrepaidCredits get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), id, cancellationToken)).ToOk(view => PrepaidWalletBody.Of(id, view));

    private static async Task<IResult> MovementsAsync(Guid id, [AsParameters] Paging paging, HttpContext http, ListPrepaidMovements list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        return request.Succeeded
            ? (await list.RunAsync(http.Call(), id, request.Value, cancellationToken)).ToOk(rows => ListBody<PrepaidMovementBody>.Of(rows, row => row.Id, PrepaidMovementBody.Of))
            : request.Failures.ToProblem();
    }

    private static async Task<IResult> PurchasesAsync(Guid id, [AsParameters] Paging paging, HttpContext http, ListPrepaidPurchases list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        return request.Succeeded
            ? (await list.RunAsync(http.Call(), id, null, request.Value, cancellationToken)).ToOk(rows => ListBody<PrepaidPurchaseBody>.Of(rows, row => row.Id, PrepaidPurchaseBody.Of))
            : request.Failures.ToProblem();
    }

    private static async Task<IResult> GrantAsync(Guid id, GrantCreditsInput body, HttpContext http, GrantPrepaidCredits grant, CancellationToken cancellationToken)
    {
        var request = new GrantPrepaidCreditsRequest { OrganisationId = id, Credits = body.Credits, IsPromotional = body.IsPromotional ?? false, ExpiresAt = body.ExpiresAt, Reason = body.Reason };
        return (await grant.RunAsync(http.Call(), request, cancellationToken)).ToCreated(
            _ => $"{AdminApi.Root}/organisations/{id}/prepaid-credits",
            // Nothing of it is used yet.
            made => new PrepaidGrantBody(made.Id, ApiText.Word(made.Kind), ApiText.Number(made.Credits), ApiText.Number(made.Credits), made.GrantedAt, made.ExpiresAt, made.Reason));
    }
}
