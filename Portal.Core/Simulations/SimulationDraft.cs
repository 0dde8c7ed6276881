using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Plans;
using Portal.Core.Pricing;

namespace Portal.Core.Simulations;

/// <summary>A plan as it might be. What is left out stays as each subscriber has it today.</summary>
public sealed record PlanDraft
{
    /// <summary>In place of which plan.</summary>
    public Guid? PlanId { get; init; }

    /// <summary>Of a whole period; 0 and up.</summary>
    public decimal? PriceAmount { get; init; }

    /// <summary><c>month</c> or <c>year</c>; with an amount.</summary>
    public string? Interval { get; init; }

    /// <summary>1 to 36; with an amount.</summary>
    public int? IntervalCount { get; init; }

    /// <summary>0 for none; null: as it is.</summary>
    public decimal? MinimumCommitment { get; init; }

    /// <summary>Prices of the plan, each in place of the one of the same metric and unit. Whom they are for and from when does not matter.</summary>
    public IReadOnlyList<PriceInput>? Prices { get; init; }

    internal BillingCycle? Cycle => PriceAmount is null ? null : new BillingCycle(Interval == "year" ? BillingInterval.Year : BillingInterval.Month, IntervalCount ?? 1);
}

/// <summary>What is tried out: a price, or a plan.</summary>
public sealed record SimulationDraft
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>For its organisation, its plan, or everybody; in place of the price of the same scope, metric and unit.</summary>
    public PriceInput? Price { get; init; }

    public PlanDraft? Plan { get; init; }

    /// <summary>Every price of the draft with its scope, as if it had always been in force. Only of a draft that was checked.</summary>
    internal IEnumerable<PriceDefinition> Definitions()
    {
        if (Price is { } price)
            yield return Definition(price, price.OrganisationId, price.PlanId);
        foreach (var one in Plan?.Prices ?? [])
            yield return Definition(one, null, Plan!.PlanId);
    }

    /// <summary>How it is stored.</summary>
    public string Write() => JsonSerializer.Serialize(this, s_json);

    /// <summary>Throws when the text is not what <see cref="Write"/> wrote.</summary>
    public static SimulationDraft Read(string json) => JsonSerializer.Deserialize<SimulationDraft>(json, s_json) ?? throw new JsonException("The stored draft is null.");

    private static PriceDefinition Definition(PriceInput input, Guid? organisationId, Guid? planId) =>
        PriceValidation.Check(input with { EffectiveFrom = DateOnly.MinValue, EffectiveTo = null, OrganisationId = organisationId, PlanId = planId }, out _)
        ?? throw new InvalidOperationException("The draft was not checked.");
}

/// <summary>What a draft must be.</summary>
internal static class SimulationDraftRules
{
    private const int MostPrices = 20;

    /// <summary>The draft with what it leaves to its plan filled in, and its line in lists; or everything that is wrong with it.</summary>
    public static async Task<Result<(SimulationDraft Draft, string Title)>> CheckAsync(IBillingDb db, SimulationDraft draft, CancellationToken cancellationToken)
    {
        if ((draft.Price is null) == (draft.Plan is null))
            return Failure.Invalid("price", "Choose either a price or a plan to simulate.");
        if (draft.Price is { } price)
        {
            var title = await PriceAsync(db, price, cancellationToken);
            return title.Succeeded ? (draft, title.Value) : Result<(SimulationDraft, string)>.From(title.Failures);
        }

        var plan = await PlanAsync(db, draft.Plan!, cancellationToken);
        return plan.Succeeded ? (draft with { Plan = plan.Value.Plan }, plan.Value.Title) : Result<(SimulationDraft, string)>.From(plan.Failures);
    }

    private static async Task<Result<string>> PriceAsync(IBillingDb db, PriceInput price, CancellationToken cancellationToken)
    {
        var failures = Check(price, "price.");
        if (price.OrganisationId is not null && price.PlanId is not null)
            failures.Add(Failure.Invalid("price.planId", "A price is for an organisation or for a plan."));
        if (failures.Count > 0)
            return failures;
        var what = $"{price.MetricName} ({price.Unit}), {PriceModels.Name(PriceModelOf(price)).Replace('-', ' ')}";
        if (price.OrganisationId is { } organisation)
        {
            var name = await db.Organisations.Where(row => row.Id == organisation).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken);
            return name is null ? Failure.Invalid("price.organisationId", "Organisation not found.") : $"{what}, for {name}";
        }

        if (price.PlanId is not { } plan)
            return what;
        var planName = await db.Plans.Where(row => row.Id == plan).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken);
        return planName is null ? Failure.Invalid("price.planId", "Plan not found.") : $"{what}, on {planName}";
    }

    private static async Task<Result<(PlanDraft Plan, string Title)>> PlanAsync(IBillingDb db, PlanDraft draft, CancellationToken cancellationToken)
    {
        var plan = await db.Plans.AsNoTracking().SingleOrDefaultAsync(row => row.Id == draft.PlanId, cancellationToken);
        if (plan is null)
            return Failure.Invalid("plan.planId", draft.PlanId is null ? "Choose a plan." : "Plan not found.");
        var failures = new List<Failure>();
        var currency = Currency.Of(plan.Currency);
        if (draft.PriceAmount is < 0 or >= 1_000_000_000_000m || (draft.PriceAmount is { } fee && currency.Round(fee) != fee))
            failures.Add(Failure.Invalid("plan.priceAmount", $"Enter an amount of 0 or more with at most {currency.Exponent} decimals."));
        if (draft.Interval is not (null or "month" or "year"))
            failures.Add(Failure.Invalid("plan.interval", "Choose month or year."));
        if (draft.IntervalCount is < 1 or > 36)
            failures.Add(Failure.Invalid("plan.intervalCount", "Enter 1 to 36."));
        if (draft.PriceAmount is null && (draft.Interval is not null || draft.IntervalCount is not null))
            failures.Add(Failure.Invalid("plan.priceAmount", "Enter the fee for the new interval."));
        if (draft.MinimumCommitment is < 0 or >= 1_000_000_000_000m || (draft.MinimumCommitment is { } promise && currency.Round(promise) != promise))
            failures.Add(Failure.Invalid("plan.minimumCommitment", $"Enter an amount of 0 or more with at most {currency.Exponent} decimals."));
        var prices = draft.Prices ?? [];
        if (prices.Count > MostPrices)
            failures.Add(Failure.Invalid("plan.prices", $"At most {MostPrices} prices per simulation."));
        for (var index = 0; index < prices.Count && index < MostPrices; index++)
            failures.AddRange(Check(prices[index], $"plan.prices[{index}]."));
        if (prices.GroupBy(price => (price.MetricName, price.Unit)).Any(group => group.Count() > 1))
            failures.Add(Failure.Invalid("plan.prices", "Two prices have the same metric and unit."));
        if (failures.Count == 0 && draft is { PriceAmount: null, MinimumCommitment: null } && prices.Count == 0)
            failures.Add(Failure.Invalid("plan.priceAmount", "Nothing is changed. Enter a fee, a commitment or a price."));
        if (failures.Count > 0)
            return failures;
        string?[] parts = [draft.PriceAmount is null ? null : "fee", draft.MinimumCommitment is null ? null : "commitment", prices.Count switch { 0 => null, 1 => "1 price", var many => $"{many} prices" }];
        var whole = draft.PriceAmount is null ? draft : draft with { Interval = draft.Interval ?? (plan.Interval == BillingInterval.Year ? "year" : "month"), IntervalCount = draft.IntervalCount ?? (draft.Interval is null ? plan.IntervalCount : 1) };
        return (whole, $"Plan {plan.Name}: {string.Join(", ", parts.OfType<string>())}");
    }

    private static List<Failure> Check(PriceInput price, string prefix)
    {
        PriceValidation.Check(price with { EffectiveFrom = price.EffectiveFrom ?? DateOnly.MinValue, EffectiveTo = null }, out var failures);
        return [.. failures.Select(failure => failure with { Field = prefix + failure.Field })];
    }

    private static PriceModel PriceModelOf(PriceInput price) => PriceModels.TryOf(price.Model, out var model) ? model : throw new InvalidOperationException("The draft was not checked.");
}
