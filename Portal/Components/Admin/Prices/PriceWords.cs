using Portal.Core.Currencies;
using Portal.Core.Pricing;

namespace Portal.Components.Admin.Prices;

/// <summary>Prices in words.</summary>
public static class PriceWords
{
    /// <summary>Every model, as a choice.</summary>
    public static IReadOnlyList<(string Value, string Text)> Models { get; } = [.. Enum.GetValues<PriceModel>().Select(model => (PriceModels.Name(model), Name(model)))];

    /// <summary><c>₹0.05 per call</c>, or <c>3 tiers from ₹0.05 to ₹0.03 per call</c>.</summary>
    public static string Summary(PriceTerms terms, string unit, string locale)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var currency = Currency.Of(terms.Currency);
        return terms.Model switch
        {
            PriceModel.Standard => $"{MoneyFormat.UnitPrice(terms.UnitPrice ?? 0, currency, locale)} per {unit}",
            PriceModel.Graduated or PriceModel.Volume => terms.Tiers.Count == 1
                ? $"{Money(terms.Tiers[0].Price)} per {unit}"
                : $"{terms.Tiers.Count} tiers, {Money(terms.Tiers[0].Price)} to {Money(terms.Tiers[^1].Price)} per {unit}",
            PriceModel.StairStep => terms.Tiers.Count == 1 ? $"{Money(terms.Tiers[0].Price)} a month" : $"{terms.Tiers.Count} steps, {Money(terms.Tiers[0].Price)} to {Money(terms.Tiers[^1].Price)} a month",
            PriceModel.Package => $"{Money(terms.UnitPrice ?? 0)} per {MoneyFormat.Number(terms.Package?.Size ?? 0, locale)} {unit}",
            PriceModel.Percentage => $"{MoneyFormat.Percent(terms.Percentage?.Rate ?? 0, locale)} of the {unit}{(terms.Percentage is { Fee: > 0 } fee ? $" and {Money(fee.Fee)} per event" : "")}",
            PriceModel.GraduatedPercentage => terms.Tiers.Count == 1
                ? $"{MoneyFormat.Percent(terms.Tiers[0].Price, locale)} of the {unit}"
                : $"{terms.Tiers.Count} tiers, {MoneyFormat.Percent(terms.Tiers[0].Price, locale)} to {MoneyFormat.Percent(terms.Tiers[^1].Price, locale)} of the {unit}",
        };

        string Money(decimal price) => MoneyFormat.UnitPrice(price, currency, locale);
    }

    /// <summary>What a model does, for who chooses one.</summary>
    public static string Explain(PriceModel model) => model switch
    {
        PriceModel.Standard => "Every unit costs the same.",
        PriceModel.Graduated => "Each tier prices the units that fall in it.",
        PriceModel.Volume => "The tier the month's quantity reaches prices all units.",
        PriceModel.Package => "Units are sold in packages. A started package counts in full, on the month's total.",
        PriceModel.StairStep => "One price for the whole month, by the step the quantity reaches.",
        PriceModel.Percentage => "A percentage of the quantity (an amount of money), plus a fee per event.",
        PriceModel.GraduatedPercentage => "A percentage of the quantity (an amount of money), by tier.",
    };

    /// <summary>The model's name as people read it.</summary>
    public static string Name(PriceModel model) => model switch
    {
        PriceModel.Standard => "Standard",
        PriceModel.Graduated => "Graduated",
        PriceModel.Volume => "Volume",
        PriceModel.Package => "Package",
        PriceModel.StairStep => "Stair-step",
        PriceModel.Percentage => "Percentage",
        PriceModel.GraduatedPercentage => "Graduated percentage",
    };
}
