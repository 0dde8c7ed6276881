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

    private const int MaxTiers = 100;

    /// <summary>The definition, when nothing is wrong with it; otherwise null, and the failures say what is.</summary>
    public static PriceDefinition? Check(PriceInput input, out List<Failure> failures)
    {
        ArgumentNullException.ThrowIfNull(input);
        failures = [];
        if (input.MetricName is null || !MetricName().IsMatch(input.MetricName))
            failures.Add(Failure.Invalid("metricName", "1 to 100 letters, digits and _ . : - are needed."));
        if (string.IsNullOrWhiteSpace(input.Unit) || input.Unit.Length > 50)
            failures.Add(Failure.Invalid("unit", "1 to 50 characters are needed."));
        if (input.EffectiveFrom is null)
            failures.Add(Failure.Invalid("effectiveFrom", "The first day in force is needed."));
        else if (input.EffectiveTo <= input.EffectiveFrom)
            failures.Add(Failure.Invalid("effectiveTo", "The end must come after the first day."));
        if (input.HsnSac is not null && !HsnSac().IsMatch(input.HsnSac))
            failures.Add(Failure.Invalid("hsnSac", "An HSN or SAC code has 4 to 8 digits."));
        if (input.PlanId is not null)
            failures.Add(Failure.Invalid("planId", "There is no such plan."));
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
            failures.Add(Failure.Invalid("model", $"One of {string.Join(", ", Enum.GetValues<PriceModel>().Select(PriceModels.Name))} is needed."));
        CheckNumber(failures, "included", input.Included, MaxQuantity);
        CheckNumber(failures, "minimum", input.Minimum, MaxQuantity);
        CheckNumber(failures, "maximum", input.Maximum, MaxQuantity);
        if (input.Minimum > input.Maximum)
            failures.Add(Failure.Invalid("maximum", "The maximum must not be below the minimum."));
        if (failures.Count == before)
            CheckModel(input, model, failures);
        return failures.Count > before
            ? null
            : new PriceTerms(
                model,
                input.Currency!,
                model == PriceModel.Standard ? input.Price : null,
                [.. (input.Tiers ?? []).Select(tier => new Tier(tier.UpTo, tier.Price!.Value, tier.Flat ?? 0))],
                input.Included ?? 0,
                input.Minimum,
                input.Maximum);
    }

    private static void CheckModel(PriceInput input, PriceModel model, List<Failure> failures)
    {
        switch (model)
        {
            case PriceModel.Standard:
                if (input.Price is null)
                    failures.Add(Failure.Invalid("price", "A standard price needs a price per unit."));
                CheckNumber(failures, "price", input.Price, MaxPrice);
                if (input.Tiers is { Count: > 0 })
                    failures.Add(Failure.Invalid("tiers", "A standard price has no tiers."));
                break;
            case PriceModel.Graduated:
                if (input.Price is not null)
                    failures.Add(Failure.Invalid("price", "A graduated price has its prices in the tiers."));
                CheckTiers(input.Tiers ?? [], failures);
                break;
        }
    }

    private static void CheckTiers(IReadOnlyList<TierInput> tiers, List<Failure> failures)
    {
        if (tiers.Count is 0 or > MaxTiers)
        {
            failures.Add(Failure.Invalid("tiers", $"1 to {MaxTiers} tiers are needed."));
            return;
        }

        var from = 0m;
        for (var index = 0; index < tiers.Count; index++)
        {
            var tier = tiers[index];
            if (tier.Price is null)
                failures.Add(Failure.Invalid($"tiers[{index}].price", "A price per unit is needed."));
            CheckNumber(failures, $"tiers[{index}].price", tier.Price, MaxPrice);
            CheckNumber(failures, $"tiers[{index}].flat", tier.Flat, MaxPrice);
            CheckNumber(failures, $"tiers[{index}].upTo", tier.UpTo, MaxQuantity);
            if (index == tiers.Count - 1)
            {
                if (tier.UpTo is not null)
                    failures.Add(Failure.Invalid($"tiers[{index}].upTo", "The last tier is open: it has no upper bound."));
            }
            else if (tier.UpTo is not { } upTo)
            {
                failures.Add(Failure.Invalid($"tiers[{index}].upTo", "Every tier but the last needs an upper bound."));
            }
            else if (upTo <= from)
            {
                failures.Add(Failure.Invalid($"tiers[{index}].upTo", $"The upper bound must be above {from.ToString(System.Globalization.CultureInfo.InvariantCulture)}."));
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
            failures.Add(Failure.Invalid(field, "A number of 0 or more is needed."));
        else if (value >= below)
            failures.Add(Failure.Invalid(field, "This number is too large."));
        else if (value is { } number && Decimals(number) > MaxDecimals)
            failures.Add(Failure.Invalid(field, $"At most {MaxDecimals} decimals are kept."));
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
}
