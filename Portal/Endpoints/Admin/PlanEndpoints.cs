using Portal.Access;
using Portal.Core.Plans;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>A plan. <paramref name="Interval"/> is <c>month</c> or <c>year</c>; <paramref name="Subscriptions"/> are those that run now.</summary>
internal sealed record PlanBody(
    Guid Id, string Code, string Name, string? Description, string PriceAmount, string Currency, string Interval, int IntervalCount, int TrialPeriodDays,
    string IncludedCredits, int? MaxUsers, IReadOnlyList<string> Features, string? MinimumCommitment, string? HsnSac, bool CustomersMayChange, bool CustomersMayCancel,
    string? ProviderPriceId, string? ProviderProductId, bool IsActive, int? Subscriptions, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static PlanBody Of(PlanRow row) => Of(row.Plan) with { Subscriptions = row.Subscriptions };

    public static PlanBody Of(Plan plan) => new(
        plan.Id, plan.Code, plan.Name, plan.Description, ApiText.Amount(plan.PriceAmount, plan.Currency), plan.Currency, ApiText.Word(plan.Interval), plan.IntervalCount,
        plan.TrialPeriodDays, ApiText.Number(plan.IncludedCredits), plan.MaxUsers, plan.Features,
        plan.MinimumCommitment is { } commitment ? ApiText.Amount(commitment, plan.Currency) : null, plan.HsnSac, plan.CustomersMayChange, plan.CustomersMayCancel,
        plan.ProviderPriceId, plan.ProviderProductId, plan.IsActive, null, plan.CreatedAt, plan.UpdatedAt);
}

/// <summary>
/// What is to change of a plan: what is left out stays. An empty text takes an optional one away, and so do 0 people and a commitment of 0.
/// </summary>
internal sealed record PlanChanges
{
    public string? Code { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public decimal? PriceAmount { get; init; }

    public string? Currency { get; init; }

    public string? Interval { get; init; }

    public int? IntervalCount { get; init; }

    public int? TrialPeriodDays { get; init; }

    public decimal? IncludedCredits { get; init; }

    public int? MaxUsers { get; init; }

    public IReadOnlyList<string>? Features { get; init; }

    public decimal? MinimumCommitment { get; init; }

    public string? HsnSac { get; init; }

    public bool? CustomersMayChange { get; init; }

    public bool? CustomersMayCancel { get; init; }

    public string? ProviderPriceId { get; init; }

    public string? ProviderProductId { get; init; }

    public PlanInput On(Plan plan) => new()
    {
        Code = Code ?? plan.Code,
        Name = Name ?? plan.Name,
        Description = Description ?? plan.Description,
        PriceAmount = PriceAmount ?? plan.PriceAmount,
        Currency = Currency ?? plan.Currency,
        Interval = Interval ?? ApiText.Word(plan.Interval),
        IntervalCount = IntervalCount ?? plan.IntervalCount,
        TrialPeriodDays = TrialPeriodDays ?? plan.TrialPeriodDays,
        IncludedCredits = IncludedCredits ?? plan.IncludedCredits,
        MaxUsers = MaxUsers is 0 ? null : MaxUsers ?? plan.MaxUsers,
        Features = Features ?? plan.Features,
        MinimumCommitment = MinimumCommitment is 0 ? null : MinimumCommitment ?? plan.MinimumCommitment,
        HsnSac = HsnSac ?? plan.HsnSac,
        CustomersMayChange = CustomersMayChange ?? plan.CustomersMayChange,
        CustomersMayCancel = CustomersMayCancel ?? plan.CustomersMayCancel,
        ProviderPriceId = ProviderPriceId ?? plan.ProviderPriceId,
        ProviderProductId = ProviderProductId ?? plan.ProviderProductId,
    };
}

internal static class PlanEndpoints
{
    private static readonly IReadOnlyList<(string Name, string Json)> s_plans =
    [
        ("monthly", """ { "code": "growth", "name": "Growth", "priceAmount": "2999.00", "currency": "INR", "interval": "month", "trialPeriodDays": 14, "includedCredits": 500, "maxUsers": 10, "features": ["Mail support"], "customersMayChange": true, "customersMayCancel": true } """),
        ("yearly, with a commitment", """ { "code": "scale-yearly", "name": "Scale, yearly", "priceAmount": "240000", "currency": "INR", "interval": "year", "minimumCommitment": "25000.00", "hsnSac": "998315" } """),
    ];

    private static readonly IReadOnlyList<(string Name, string Json)> s_changes =
    [
        ("a new fee", """ { "priceAmount": "3499.00" } """),
        ("no limit of people", """ { "maxUsers": 0 } """),
    ];

    public static void MapPlans(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/plans").WithTags("Plans");
        group.MapPost("/", CreateAsync).Produces<PlanBody>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Create a plan").WithExamples(s_plans);
        group.MapGet("/", ListAsync).Produces<ListBody<PlanBody>>().WithSummary("List plans, newest first");
        group.MapGet("/{id:guid}", GetAsync).Produces<PlanBody>().ProducesProblem(StatusCodes.Status404NotFound).WithSummary("Read a plan");
        group.MapPatch("/{id:guid}", ChangeAsync).Produces<PlanBody>().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Update a plan; existing subscriptions keep their fee").WithExamples(s_changes);
        group.MapPost("/{id:guid}/archive", ArchiveAsync).Produces<PlanBody>().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Archive a plan; existing subscriptions continue");
        group.MapPost("/{id:guid}/restore", RestoreAsync).Produces<PlanBody>().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Unarchive a plan");
    }

    private static async Task<IResult> CreateAsync(PlanInput body, HttpContext http, SavePlan save, CancellationToken cancellationToken) =>
        (await save.CreateAsync(http.Call(), body, cancellationToken)).ToCreated(plan => $"{AdminApi.Root}/plans/{plan.Id}", PlanBody.Of);

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, bool? isActive, string? currency, string? search, HttpContext http, ListPlans list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var page = await list.RunAsync(http.Call(), new PlanFilter(isActive, currency), request.Value with { Search = search }, cancellationToken);
        return page.ToOk(rows => ListBody<PlanBody>.Of(rows, row => row.Plan.Id, PlanBody.Of));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, ListPlans list, CancellationToken cancellationToken) =>
        (await list.GetAsync(http.Call(), id, cancellationToken)).ToOk(PlanBody.Of);

    private static async Task<IResult> ChangeAsync(Guid id, PlanChanges body, HttpContext http, ListPlans list, SavePlan save, CancellationToken cancellationToken)
    {
        var plan = await list.GetAsync(http.Call(), id, cancellationToken);
        return plan.Succeeded
            ? (await save.ChangeAsync(http.Call(), id, body.On(plan.Value.Plan), cancellationToken)).ToOk(PlanBody.Of)
            : plan.Failures.ToProblem();
    }

    private static async Task<IResult> ArchiveAsync(Guid id, HttpContext http, SavePlan save, CancellationToken cancellationToken) =>
        (await save.SetActiveAsync(http.Call(), id, false, cancellationToken)).ToOk(PlanBody.Of);

    private static async Task<IResult> RestoreAsync(Guid id, HttpContext http, SavePlan save, CancellationToken cancellationToken) =>
        (await save.SetActiveAsync(http.Call(), id, true, cancellationToken)).ToOk(PlanBody.Of);
}
