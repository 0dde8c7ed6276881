namespace Portal.Core.Pricing;

/// <summary>A tier as it was typed or sent.</summary>
/// <param name="UpTo">Upper bound, inclusive; null for the last.</param>
/// <param name="Price">Per unit.</param>
/// <param name="Flat">Added once when the tier is reached.</param>
public sealed record TierInput(decimal? UpTo, decimal? Price, decimal? Flat = null);

/// <summary>A price as it was typed or sent: nothing is taken for granted. <see cref="PriceValidation"/> names what is wrong, field by field.</summary>
public sealed record PriceInput
{
    /// <summary>1 to 100 of letters, digits and <c>_ . : -</c>.</summary>
    public string? MetricName { get; init; }

    /// <summary>1 to 50 characters.</summary>
    public string? Unit { get; init; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; init; }

    /// <summary><c>standard</c> or <c>graduated</c>.</summary>
    public string? Model { get; init; }

    /// <summary>First day in force.</summary>
    public DateOnly? EffectiveFrom { get; init; }

    /// <summary>First day no longer in force; null: open.</summary>
    public DateOnly? EffectiveTo { get; init; }

    public Guid? OrganisationId { get; init; }

    public Guid? PlanId { get; init; }

    /// <summary>4 to 8 digits.</summary>
    public string? HsnSac { get; init; }

    public decimal? Included { get; init; }

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }

    /// <summary>Per unit; for the standard model.</summary>
    public decimal? Price { get; init; }

    /// <summary>For models with tiers.</summary>
    public IReadOnlyList<TierInput>? Tiers { get; init; }
}
