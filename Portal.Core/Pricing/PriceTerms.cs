namespace Portal.Core.Pricing;

/// <summary>A tier: units above the one before up to <paramref name="UpTo"/>, inclusive; the last is open.</summary>
/// <param name="UpTo">Upper bound, inclusive; null for the last.</param>
/// <param name="Price">Per unit, up to 12 decimals; of a stair step the whole price, of a graduated percentage per cent.</param>
/// <param name="Flat">Added once when the tier is reached.</param>
public sealed record Tier(decimal? UpTo, decimal Price, decimal Flat = 0);

/// <summary>Units that are sold by the package; what is begun counts whole.</summary>
/// <param name="Size">Units in a package, above 0.</param>
/// <param name="Free">Units before the first package.</param>
public sealed record PackageTerms(decimal Size, decimal Free = 0);

/// <summary>A share of the quantity, and a fee for every event.</summary>
/// <param name="Rate">Per cent of the quantity.</param>
/// <param name="FreeAmount">Quantity that no share is taken of.</param>
/// <param name="Fee">For every event.</param>
/// <param name="FreeEvents">Events without the fee.</param>
public sealed record PercentageTerms(decimal Rate, decimal FreeAmount = 0, decimal Fee = 0, long FreeEvents = 0);

/// <summary>What a price charges: the model and its numbers.</summary>
/// <param name="Model">How the quantity is rated.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="UnitPrice">Per unit for the standard model, per package for the package model.</param>
/// <param name="Tiers">In order, the last one open; for models with tiers or steps.</param>
/// <param name="Included">Taken from the quantity before rating, 0 or more.</param>
/// <param name="Minimum">Lower bound of the amount.</param>
/// <param name="Maximum">Upper bound of the amount.</param>
/// <param name="Package">For the package model.</param>
/// <param name="Percentage">For the percentage model.</param>
public sealed record PriceTerms(
    PriceModel Model,
    string Currency,
    decimal? UnitPrice,
    IReadOnlyList<Tier> Tiers,
    decimal Included = 0,
    decimal? Minimum = null,
    decimal? Maximum = null,
    PackageTerms? Package = null,
    PercentageTerms? Percentage = null);
