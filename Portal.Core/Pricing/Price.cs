using Portal.Core.Kernel;

namespace Portal.Core.Pricing;

/// <summary>How a quantity becomes an amount.</summary>
public enum PriceModel
{
    /// <summary>Quantity times price.</summary>
    Standard,

    /// <summary>Every tier reached: its units times its price, plus its flat fee.</summary>
    Graduated,

    /// <summary>The tier that holds the quantity prices all of it, plus its flat fee.</summary>
    Volume,

    /// <summary>Packages begun, each at the price; counted once on the period's total.</summary>
    Package,

    /// <summary>The price of the step that holds the quantity, whole.</summary>
    StairStep,

    /// <summary>A share of the quantity, and a fee for every event.</summary>
    Percentage,

    /// <summary>Every tier reached: its share of the units in it, plus its flat fee.</summary>
    GraduatedPercentage,
}

/// <summary>
/// A price of a metric and unit: for the platform, a plan or one organisation, over a range of days. Prices of one scope never
/// overlap; the database refuses it. Once it has been used a price is ended, never edited.
/// </summary>
public sealed class Price
{
    private readonly List<PriceTier> _tiers = [];

    private Price() { }

    public Guid Id { get; private set; }

    /// <summary>The one organisation it is for; null for everybody.</summary>
    public Guid? OrganisationId { get; private set; }

    /// <summary>The plan that it belongs to, if any.</summary>
    public Guid? PlanId { get; private set; }

    public string MetricName { get; private set; } = "";

    public string Unit { get; private set; } = "";

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    public PriceModel Model { get; private set; }

    /// <summary>Per unit for the standard model, per package for the package model; up to 12 decimals.</summary>
    public decimal? UnitPrice { get; private set; }

    /// <summary>Units in a package; for the package model.</summary>
    public decimal? PackageSize { get; private set; }

    /// <summary>Per cent; for the percentage model.</summary>
    public decimal? Rate { get; private set; }

    /// <summary>Units before the first package, or that no share is taken of.</summary>
    public decimal FreeQuantity { get; private set; }

    /// <summary>For every event; for the percentage model.</summary>
    public decimal EventFee { get; private set; }

    /// <summary>Events without the fee.</summary>
    public long FreeEvents { get; private set; }

    /// <summary>Taken from the quantity before rating.</summary>
    public decimal Included { get; private set; }

    /// <summary>The amount is never less than this.</summary>
    public decimal? Minimum { get; private set; }

    /// <summary>The amount is never more than this.</summary>
    public decimal? Maximum { get; private set; }

    /// <summary>Harmonised code of the good or service, for tax invoices.</summary>
    public string? HsnSac { get; private set; }

    /// <summary>First day in force.</summary>
    public DateOnly EffectiveFrom { get; private set; }

    /// <summary>First day no longer in force; null while open.</summary>
    public DateOnly? EffectiveTo { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>In order; empty for models without tiers.</summary>
    public IReadOnlyList<PriceTier> Tiers => _tiers;

    /// <summary>The numbers that rating needs.</summary>
    public PriceTerms Terms => new(
        Model,
        Currency,
        UnitPrice,
        [.. _tiers.OrderBy(tier => tier.Position).Select(tier => new Tier(tier.UpTo, tier.UnitPrice, tier.FlatFee))],
        Included,
        Minimum,
        Maximum,
        PackageSize is { } size ? new PackageTerms(size, FreeQuantity) : null,
        Rate is { } rate ? new PercentageTerms(rate, FreeQuantity, EventFee, FreeEvents) : null);

    public static Price Create(PriceDefinition definition, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var price = new Price
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = definition.OrganisationId,
            PlanId = definition.PlanId,
            MetricName = definition.MetricName,
            Unit = definition.Unit,
            Currency = definition.Terms.Currency,
            Model = definition.Terms.Model,
            UnitPrice = definition.Terms.UnitPrice,
            PackageSize = definition.Terms.Package?.Size,
            Rate = definition.Terms.Percentage?.Rate,
            FreeQuantity = definition.Terms.Package?.Free ?? definition.Terms.Percentage?.FreeAmount ?? 0,
            EventFee = definition.Terms.Percentage?.Fee ?? 0,
            FreeEvents = definition.Terms.Percentage?.FreeEvents ?? 0,
            Included = definition.Terms.Included,
            Minimum = definition.Terms.Minimum,
            Maximum = definition.Terms.Maximum,
            HsnSac = definition.HsnSac,
            EffectiveFrom = definition.EffectiveFrom,
            EffectiveTo = definition.EffectiveTo,
            CreatedAt = now,
            UpdatedAt = now,
        };
        price._tiers.AddRange(definition.Terms.Tiers.Select((tier, index) => PriceTier.Create(price.Id, index, tier)));
        return price;
    }

    /// <summary>Ends the price: <paramref name="effectiveTo"/> is the first day it is no longer in force. An end can be brought forward, not undone.</summary>
    public void End(DateOnly effectiveTo, DateTimeOffset now)
    {
        if (effectiveTo <= EffectiveFrom || EffectiveTo <= effectiveTo)
            throw new IllegalTransitionException("A price ends after its first day and before any end that it already has.");
        (EffectiveTo, UpdatedAt) = (effectiveTo, now);
    }
}

/// <summary>A stored tier; see <see cref="Tier"/>.</summary>
public sealed class PriceTier
{
    private PriceTier() { }

    public Guid PriceId { get; private set; }

    /// <summary>From 0.</summary>
    public int Position { get; private set; }

    /// <summary>Upper bound, inclusive; null for the last.</summary>
    public decimal? UpTo { get; private set; }

    public decimal UnitPrice { get; private set; }

    public decimal FlatFee { get; private set; }

    internal static PriceTier Create(Guid priceId, int position, Tier tier) => new()
    {
        PriceId = priceId,
        Position = position,
        UpTo = tier.UpTo,
        UnitPrice = tier.Price,
        FlatFee = tier.Flat,
    };
}

/// <summary>A price that is to be made.</summary>
public sealed record PriceDefinition(
    string MetricName,
    string Unit,
    PriceTerms Terms,
    DateOnly EffectiveFrom,
    DateOnly? EffectiveTo = null,
    Guid? OrganisationId = null,
    Guid? PlanId = null,
    string? HsnSac = null);
