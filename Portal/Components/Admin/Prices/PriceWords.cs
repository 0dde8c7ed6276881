using Portal.Core.Currencies;
using Portal.Core.Pricing;

namespace Portal.Components.Admin.Prices;

/// <summary>Prices in words.</summary>
public static class PriceWords
{
    /// <summary><c>₹0.05 per call</c>, or <c>3 tiers from ₹0.05 to ₹0.03 per call</c>.</summary>
    public static string Summary(PriceTerms terms, string unit, string locale)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var currency = Currency.Of(terms.Currency);
        return terms.Model switch
        {
            PriceModel.Standard => $"{MoneyFormat.UnitPrice(terms.UnitPrice ?? 0, currency, locale)} per {unit}",
            PriceModel.Graduated when terms.Tiers.Count == 1 => $"{MoneyFormat.UnitPrice(terms.Tiers[0].Price, currency, locale)} per {unit}",
            PriceModel.Graduated => $"{terms.Tiers.Count} tiers, {MoneyFormat.UnitPrice(terms.Tiers[0].Price, currency, locale)} to {MoneyFormat.UnitPrice(terms.Tiers[^1].Price, currency, locale)} per {unit}",
        };
    }

    /// <summary>What a model does, for who chooses one.</summary>
    public static string Explain(PriceModel model) => model switch
    {
        PriceModel.Standard => "Every unit costs the same.",
        PriceModel.Graduated => "The first units at one price, the next at another: each tier prices the units in it.",
    };

    /// <summary>The model's name as people read it.</summary>
    public static string Name(PriceModel model) => model switch
    {
        PriceModel.Standard => "Standard",
        PriceModel.Graduated => "Graduated",
    };
}
