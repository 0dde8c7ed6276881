using System.Text.RegularExpressions;
using Portal.Core.Currencies;
using Portal.Core.Kernel;

namespace Portal.Core.Pricing;

/// <summary>Says what is wrong with a price before it is stored, every mistake at once, each beside its field.</summary>
public static partial class PriceValidation
{
    /// <summary>Decimals of a unit price, a bound or an allowance.</summary>
    private const int MaxDecimals = 12;

    /// <summary>Prices and fees stay below this, so that the largest quantity times the largest price still is a decimal.</summary>
    private const decimal MaxPrice = 1_000_000_000m;

    /// <summary>Quantities stay below this, as they do when usage is taken in.</summary>
    private const decimal MaxQuantity = 1_000_000_000_000_000_000m;

    /// <summary>Per cent; more than the whole is a mark-up, and has its bound too.</summary>
    private const decimal MaxRate = 10_000m;

    private const int MaxTiers = 100;

    /// <summary>The definition, when nothing is wrong with it; otherwise null, and the failures say what is.</summary>
    public static PriceDefinition? Check(PriceInput input, out List<Failure> failures)
    {
        ArgumentNullException.ThrowIfNull(input);
        failures = [];
        if (input.MetricName is null || !MetricName().IsMatch(input.MetricName))
            failures.Add(Failure.Invalid("metricName", "Enter 1 to 100 letters, digits and _ . : -"));
        if (string.IsNullOrWhiteSpace(input.Unit) || input.Unit.Length > 50)
            failures.Add(Failure.Invalid("unit", "Enter 1 to 50 characters."));
        if (input.EffectiveFrom is null)
            failures.Add(Failure.Invalid("effectiveFrom", "Enter the effective date."));
        else if (input.EffectiveTo <= input.EffectiveFrom)
            failures.Add(Failure.Invalid("effectiveTo", "The end must be after the first day."));
        if (input.HsnSac is not null && !HsnSac().IsMatch(input.HsnSac))
            failures.Add(Failure.Invalid("hsnSac", "Enter an HSN or SAC code of 4 to 8 digits."));
        if (input.PlanId == Guid.Empty)
            failures.Add(Failure.Invalid("planId", "Plan not found."));
        var terms = CheckTerms(input, failures);
        return failures.Count > 0
            ? null
            : new PriceDefinition(input.MetricName!, input.Unit!, terms!, input.EffectiveFrom!.Value, input.EffectiveTo, input.OrganisationId, input.PlanId, input.HsnSac);
    }

    /// <summary>The numbers alone, for a quote: whom they are for and from when does not matter.</summary>
    public static PriceTerms? CheckTerms(PriceInput input, List<Failure> failures)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(failures);
        var before = failures.Count;
        if (!Currency.TryOf(input.Currency, out _))
            failures.Add(Failure.Invalid("currency", "This is not an ISO 4217 currency code."));
        if (!PriceModels.TryOf(input.Model, out var model))
            failures.Add(Failure.Invalid("model", $"Choose one of {string.Join(", ", Enum.GetValues<PriceModel>().Select(PriceModels.Name))}."));
        CheckNumber(failures, "included", input.Included, MaxQuantity);
        CheckNumber(failures, "minimum", input.Minimum, MaxQuantity);
        CheckNumber(failures, "maximum", input.Maximum, MaxQuantity);
        if (input.Minimum > input.Maximum)
            failures.Add(Failure.Invalid("maximum", "The maximum can't be below the minimum."));
        if (failures.Count == before)
            CheckModel(input, model, failures);
        return failures.Count > before ? null : Terms(input, model);
    }

    private static PriceTerms Terms(PriceInput input, PriceModel model) => new(
        model,
        input.Currency!,
        model is PriceModel.Standard or PriceModel.Package ? input.Price : null,
        [.. Tiers(input, model).Select(tier => new Tier(tier.UpTo, tier.Price!.Value, tier.Flat ?? 0))],
        input.Included ?? 0,
        input.Minimum,
        input.Maximum,
        model == PriceModel.Package ? new PackageTerms(input.Size!.Value, input.Free ?? 0) : null,
        model == PriceModel.Percentage ? new PercentageTerms(input.Rate!.Value, input.FreeAmount ?? 0, input.Fee ?? 0, input.FreeEvents ?? 0) : null);

    // What a model's tiers are called by who writes them, in one shape: a step is a tier with a whole price, a rate is a price in per cent.
    private static IEnumerable<TierInput> Tiers(PriceInput input, PriceModel model) => model switch
    {
        PriceModel.StairStep => (input.Steps ?? []).Select(step => new TierInput(step.UpTo, step.Price)),
        PriceModel.GraduatedPercentage => (input.Tiers ?? []).Select(tier => tier with { Price = tier.Rate }),
        _ => input.Tiers ?? [],
    };

    private static void CheckModel(PriceInput input, PriceModel model, List<Failure> failures)
    {
        CheckNothingElse(input, model, failures);
        switch (model)
        {
            case PriceModel.Standard:
                Needed(failures, "price", input.Price, "A standard price needs a price per unit.");
                CheckNumber(failures, "price", input.Price, MaxPrice);
                break;
            case PriceModel.Package:
                Needed(failures, "price", input.Price, "A package needs a price.");
                CheckNumber(failures, "price", input.Price, MaxPrice);
                Needed(failures, "size", input.Size, "Enter the number of units in a package.");
                if (input.Size == 0)
                    failures.Add(Failure.Invalid("size", "A package must have more than 0 units."));
                CheckNumber(failures, "size", input.Size, MaxQuantity);
                CheckNumber(failures, "free", input.Free, MaxQuantity);
                break;
            case PriceModel.Percentage:
                Needed(failures, "rate", input.Rate, "A percentage needs a rate.");
                CheckNumber(failures, "rate", input.Rate, MaxRate);
                CheckNumber(failures, "freeAmount", input.FreeAmount, MaxQuantity);
                CheckNumber(failures, "fee", input.Fee, MaxPrice);
                if (input.FreeEvents < 0)
                    failures.Add(Failure.Invalid("freeEvents", "Enter a number of 0 or more."));
                break;
            case PriceModel.Graduated or PriceModel.Volume:
                CheckTiers([.. Tiers(input, model)], new TierWords("tiers", "price", "Enter a price per unit.", MaxPrice), failures);
                break;
            case PriceModel.StairStep:
                CheckTiers([.. Tiers(input, model)], new TierWords("steps", "price", "Enter the price of the step.", MaxPrice), failures);
                break;
            case PriceModel.GraduatedPercentage:
                CheckTiers([.. Tiers(input, model)], new TierWords("tiers", "rate", "Enter a rate.", MaxRate), failures);
                break;
        }
    }

    // What belongs to another model is a mistake, not something to leave out in silence.
    private static void CheckNothingElse(PriceInput input, PriceModel model, List<Failure> failures)
    {
        var name = PriceModels.Name(model);
        var hasTiers = model is PriceModel.Graduated or PriceModel.Volume or PriceModel.GraduatedPercentage;
        Unused("price", input.Price is not null && model is not (PriceModel.Standard or PriceModel.Package));
        Unused("tiers", input.Tiers is { Count: > 0 } && !hasTiers);
        Unused("steps", input.Steps is { Count: > 0 } && model != PriceModel.StairStep);
        Unused("size", input.Size is not null && model != PriceModel.Package);
        Unused("free", input.Free is not null && model != PriceModel.Package);
        Unused("rate", input.Rate is not null && model != PriceModel.Percentage);
        Unused("freeAmount", input.FreeAmount is not null && model != PriceModel.Percentage);
        Unused("fee", input.Fee is not null && model != PriceModel.Percentage);
        Unused("freeEvents", input.FreeEvents is not null && model != PriceModel.Percentage);
        for (var index = 0; hasTiers && index < (input.Tiers?.Count ?? 0); index++)
        {
            Unused($"tiers[{index}].rate", input.Tiers![index].Rate is not null && model != PriceModel.GraduatedPercentage);
            Unused($"tiers[{index}].price", input.Tiers[index].Price is not null && model == PriceModel.GraduatedPercentage);
        }

        void Unused(string field, bool isSet)
        {
            if (isSet)
                failures.Add(Failure.Invalid(field, $"Not used by a {name} price."));
        }
    }

    private static void Needed(List<Failure> failures, string field, decimal? value, string message)
    {
        if (value is null)
            failures.Add(Failure.Invalid(field, message));
    }

    private static void CheckTiers(IReadOnlyList<TierInput> tiers, TierWords words, List<Failure> failures)
    {
        if (tiers.Count is 0 or > MaxTiers)
        {
            failures.Add(Failure.Invalid(words.List, $"Enter 1 to {MaxTiers} {words.List}."));
            return;
        }

        var from = 0m;
        for (var index = 0; index < tiers.Count; index++)
        {
            var (tier, place) = (tiers[index], $"{words.List}[{index}]");
            Needed(failures, $"{place}.{words.Price}", tier.Price, words.Missing);
            CheckNumber(failures, $"{place}.{words.Price}", tier.Price, words.Below);
            CheckNumber(failures, $"{place}.flat", tier.Flat, MaxPrice);
            CheckNumber(failures, $"{place}.upTo", tier.UpTo, MaxQuantity);
            if (index == tiers.Count - 1)
            {
                if (tier.UpTo is not null)
                    failures.Add(Failure.Invalid($"{place}.upTo", "The last one must have no upper limit."));
            }
            else if (tier.UpTo is not { } upTo)
            {
                failures.Add(Failure.Invalid($"{place}.upTo", "All but the last need an upper limit."));
            }
            else if (upTo <= from)
            {
                failures.Add(Failure.Invalid($"{place}.upTo", $"The upper limit must be above {from.ToString(System.Globalization.CultureInfo.InvariantCulture)}."));
            }
            else
            {
                from = upTo;
            }
        }
    }

    private static void CheckNumber(List<Failure> failures, string field, decimal? value, decimal below)
    {
        if (value < 0)
            failures.Add(Failure.Invalid(field, "Enter a number of 0 or more."));
        else if (value >= below)
            failures.Add(Failure.Invalid(field, "This number is too large."));
        else if (value is { } number && Decimals(number) > MaxDecimals)
            failures.Add(Failure.Invalid(field, $"At most {MaxDecimals} decimals."));
    }

    // Trailing zeros don't count.
    private static int Decimals(decimal value)
    {
        var decimals = (int)value.Scale;
        while (decimals > 0 && Math.Round(value, decimals - 1, MidpointRounding.AwayFromZero) == value)
            decimals--;
        return decimals;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.:-]{1,100}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\A[0-9]{4,8}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex HsnSac();

    /// <summary>What tiers are called in the model at hand.</summary>
    private sealed record TierWords(string List, string Price, string Missing, decimal Below);
}
