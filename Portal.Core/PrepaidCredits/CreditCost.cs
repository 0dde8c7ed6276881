using Portal.Core.Kernel;

namespace Portal.Core.PrepaidCredits;

/// <summary>
/// What a unit of a metric costs in prepaid credits, over a range of days; the one in force on the first day of a month is for that whole month. Two of one
/// metric and unit never overlap: the database refuses it. Its numbers never change; it is ended.
/// </summary>
public sealed class CreditCost
{
    /// <summary>Decimals of a cost, and of a quantity that credits cover: their product stays exact.</summary>
    public const int Decimals = 6;

    private CreditCost() { }

    public Guid Id { get; private set; }

    /// <summary>For people, 1 to 100 characters.</summary>
    public string Name { get; private set; } = "";

    public string? Description { get; private set; }

    /// <summary>E.g. <c>compute</c>; groups costs on pages.</summary>
    public string? Category { get; private set; }

    public string MetricName { get; private set; } = "";

    public string Unit { get; private set; } = "";

    /// <summary>Credits for one unit, above 0, at most 6 decimals.</summary>
    public decimal CreditsPerUnit { get; private set; }

    /// <summary>First day in force.</summary>
    public DateOnly EffectiveFrom { get; private set; }

    /// <summary>First day no longer in force; null while open.</summary>
    public DateOnly? EffectiveTo { get; private set; }

    /// <summary>A JSON object of the platform's own; null: none.</summary>
    public string? Metadata { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static CreditCost Create(CreditCostTerms terms, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new CreditCost
        {
            Id = Guid.CreateVersion7(now),
            Name = terms.Name,
            Description = terms.Description,
            Category = terms.Category,
            MetricName = terms.MetricName,
            Unit = terms.Unit,
            CreditsPerUnit = terms.CreditsPerUnit,
            EffectiveFrom = terms.EffectiveFrom,
            EffectiveTo = terms.EffectiveTo,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>True while it may be ended on a day.</summary>
    public bool CanEnd(DateOnly effectiveTo) => effectiveTo > EffectiveFrom && (EffectiveTo is not { } end || effectiveTo < end);

    /// <summary>Ends it: <paramref name="effectiveTo"/> is the first day it is no longer in force.</summary>
    public void End(DateOnly effectiveTo, DateTimeOffset now) => (EffectiveTo, UpdatedAt) = CanEnd(effectiveTo)
        ? (effectiveTo, now)
        : throw new IllegalTransitionException("A credit cost ends after its first day and before any end that it already has.");
}

/// <summary>A credit cost that is to be made.</summary>
public sealed record CreditCostTerms(
    string Name, string MetricName, string Unit, decimal CreditsPerUnit, DateOnly EffectiveFrom, DateOnly? EffectiveTo = null, string? Category = null, string? Description = null);
