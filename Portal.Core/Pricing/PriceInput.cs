namespace Portal.Core.Pricing;

/// <summary>A tier as it was typed or sent.</summary>
/// <param name="UpTo">Upper bound, inclusive; null for the last.</param>
/// <param name="Price">Per unit.</param>
/// <param name="Flat">Added once when the tier is reached.</param>
/// <param name="Rate">Per cent, instead of a price; for a graduated percentage.</param>
public sealed record TierInput(decimal? UpTo, decimal? Price = null, decimal? Flat = null, decimal? Rate = null);

/// <summary>A step of a stair as it was typed or sent.</summary>
/// <param name="UpTo">Upper bound, inclusive; null for the last.</param>
/// <param name="Price">Of the whole quantity.</param>
public sealed record StepInput(decimal? UpTo, decimal? Price);

/// <summary>A price as it was typed or sent: nothing is taken for granted. <see cref="PriceValidation"/> names what is wrong, field by field.</summary>
public sealed record PriceInput
{
    /// <summary>1 to 100 of letters, digits and <c>_ . : -</c>.</summary>
    public string? MetricName { get; init; }

    /// <summary>1 to 50 characters.</summary>
    public string? Unit { get; init; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; init; }

    /// <summary>A name of <see cref="PriceModels"/>.</summary>
    public string? Model { get; init; }

    /// <summary>First day in force.</summary>
    public DateOnly? EffectiveFrom { get; init; }

    /// <summary>First day no longer in force; null: open.</summary>
    public DateOnly? EffectiveTo { get; init; }

    public Guid? OrganisationId { get; init; }

    public Guid? PlanId { get; init; }

    /// <summary>The price of the same scope, metric and unit that ends on the first day of this one.</summary>
    public Guid? Replaces { get; init; }

    /// <summary>4 to 8 digits.</summary>
    public string? HsnSac { get; init; }

    public decimal? Included { get; init; }

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }

    /// <summary>Per unit for the standard model, per package for the package model.</summary>
    public decimal? Price { get; init; }

    /// <summary>Graduated, volume and graduated percentage.</summary>
    public IReadOnlyList<TierInput>? Tiers { get; init; }

    /// <summary>Stair-step.</summary>
    public IReadOnlyList<StepInput>? Steps { get; init; }

    /// <summary>Package: units in one.</summary>
    public decimal? Size { get; init; }

    /// <summary>Package: units before the first.</summary>
    public decimal? Free { get; init; }

    /// <summary>Percentage: per cent of the quantity.</summary>
    public decimal? Rate { get; init; }

    /// <summary>Percentage: quantity that no share is taken of.</summary>
    public decimal? FreeAmount { get; init; }

    /// <summary>Percentage: for every event.</summary>
    public decimal? Fee { get; init; }

    /// <summary>Percentage: events without the fee.</summary>
    public long? FreeEvents { get; init; }
}
