namespace Portal.Core.Pricing;

/// <summary>A tier: units above the one before up to <paramref name="UpTo"/>, inclusive; the last is open.</summary>
/// <param name="UpTo">Upper bound, inclusive; null for the last.</param>
/// <param name="Price">Per unit, up to 12 decimals.</param>
/// <param name="Flat">Added once when the tier is reached.</param>
public sealed record Tier(decimal? UpTo, decimal Price, decimal Flat = 0);

/// <summary>What a price charges: the model and its numbers.</summary>
/// <param name="Model">How the quantity is rated.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="UnitPrice">Per unit; for the standard model.</param>
/// <param name="Tiers">In order, the last one open; for models with tiers.</param>
/// <param name="Included">Taken from the quantity before rating, 0 or more.</param>
/// <param name="Minimum">Lower bound of the amount.</param>
/// <param name="Maximum">Upper bound of the amount.</param>
public sealed record PriceTerms(
    PriceModel Model,
    string Currency,
    decimal? UnitPrice,
    IReadOnlyList<Tier> Tiers,
    decimal Included = 0,
    decimal? Minimum = null,
    decimal? Maximum = null);
