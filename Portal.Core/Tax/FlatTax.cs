using Portal.Core.Currencies;

namespace Portal.Core.Tax;

/// <summary>A tax that applies to a whole invoice.</summary>
/// <param name="Name">As printed, e.g. <c>GST</c>.</param>
/// <param name="Rate">Per cent, 0 to 100.</param>
public sealed record TaxRate(string Name, decimal Rate);

/// <summary>One component of tax, worked out.</summary>
/// <param name="Name">As printed.</param>
/// <param name="Rate">Per cent.</param>
/// <param name="Base">What it is a share of.</param>
/// <param name="Amount">Rounded once, half away from zero.</param>
public sealed record TaxComponent(string Name, decimal Rate, decimal Base, decimal Amount);

/// <summary>Works out tax on top of a taxable amount: each component is rounded by itself, once.</summary>
public static class FlatTax
{
    /// <summary>The components of the rates over a base of 0 or more. A rate of zero makes none.</summary>
    public static IReadOnlyList<TaxComponent> Of(decimal taxable, IEnumerable<TaxRate> rates, Currency currency)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(taxable);
        ArgumentNullException.ThrowIfNull(currency);
        return [.. rates.Where(rate => rate.Rate != 0).Select(rate => new TaxComponent(rate.Name, rate.Rate, taxable, currency.Round(taxable * rate.Rate / 100m)))];
    }
}
