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
        PriceModel.Graduated => "The first units at one price, the next at another: each tier prices the units in it.",
        PriceModel.Volume => "The tier that the month's quantity falls in prices all of it.",
        PriceModel.Package => "Units by the package; one that is begun counts whole, once on the month's total.",
        PriceModel.StairStep => "One price for the whole month, by the step that the quantity falls in.",
        PriceModel.Percentage => "A share of the quantity, which is money, and a fee for every event.",
        PriceModel.GraduatedPercentage => "A share of the quantity, which is money: each tier takes its share of what is in it.",
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
