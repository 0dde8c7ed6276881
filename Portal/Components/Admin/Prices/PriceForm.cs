using Portal.Core.Pricing;

namespace Portal.Components.Admin.Prices;

/// <summary>A tier as it is being typed.</summary>
public sealed class TierForm
{
    public decimal? UpTo { get; set; }

    public decimal? Price { get; set; }

    public decimal? Flat { get; set; }
}

/// <summary>A price as it is being typed.</summary>
public sealed class PriceForm
{
    public string? MetricName { get; set; }

    public string? Unit { get; set; }

    public string? Currency { get; set; }

    public PriceModel Model { get; set; }

    public decimal? Price { get; set; }

    public decimal? Size { get; set; }

    public decimal? Free { get; set; }

    public decimal? Rate { get; set; }

    public decimal? FreeAmount { get; set; }

    public decimal? Fee { get; set; }

    public decimal? FreeEvents { get; set; }

    /// <summary>The price that ends where this one begins.</summary>
    public Guid? Replaces { get; set; }

    /// <summary>Always one at least; the last one is open.</summary>
    public List<TierForm> Tiers { get; } = [new TierForm(), new TierForm()];

    public decimal? Included { get; set; }

    public decimal? Minimum { get; set; }

    public decimal? Maximum { get; set; }

    public string? HsnSac { get; set; }

    public DateOnly? EffectiveFrom { get; set; }

    public DateOnly? EffectiveTo { get; set; }

    public Guid? OrganisationId { get; set; }

    public string? OrganisationName { get; set; }

    /// <summary>The plan whose subscribers it is for; null: for everybody, or for one organisation.</summary>
    public Guid? PlanId { get; set; }

    public string? PlanName { get; set; }

    /// <summary>What was sent, to be typed on.</summary>
    public static PriceForm Of(PriceInput price)
    {
        ArgumentNullException.ThrowIfNull(price);
        var form = new PriceForm
        {
            MetricName = price.MetricName,
            Unit = price.Unit,
            Currency = price.Currency,
            Model = PriceModels.TryOf(price.Model, out var model) ? model : PriceModel.Standard,
            Price = price.Price,
            Size = price.Size,
            Free = price.Free,
            Rate = price.Rate,
            FreeAmount = price.FreeAmount,
            Fee = price.Fee,
            FreeEvents = price.FreeEvents,
            Included = price.Included,
            Minimum = price.Minimum,
            Maximum = price.Maximum,
            HsnSac = price.HsnSac,
            OrganisationId = price.OrganisationId,
            PlanId = price.PlanId,
        };
        if (price.Steps is { Count: > 0 } steps)
            form.TakeTiers(steps.Select(step => new TierForm { UpTo = step.UpTo, Price = step.Price }));
        else if (price.Tiers is { Count: > 0 } tiers)
            form.TakeTiers(tiers.Select(tier => new TierForm { UpTo = tier.UpTo, Price = tier.Rate ?? tier.Price, Flat = tier.Flat }));
        return form;
    }

    /// <summary>The same price to begin another from.</summary>
    public static PriceForm Of(PriceDetails price)
    {
        ArgumentNullException.ThrowIfNull(price);
        var form = new PriceForm
        {
            MetricName = price.MetricName,
            Unit = price.Unit,
            Currency = price.Terms.Currency,
            Model = price.Terms.Model,
            Price = price.Terms.UnitPrice,
            Size = price.Terms.Package?.Size,
            Free = NullIfNothing(price.Terms.Package?.Free),
            Rate = price.Terms.Percentage?.Rate,
            FreeAmount = NullIfNothing(price.Terms.Percentage?.FreeAmount),
            Fee = NullIfNothing(price.Terms.Percentage?.Fee),
            FreeEvents = NullIfNothing(price.Terms.Percentage?.FreeEvents),
            Included = NullIfNothing(price.Terms.Included),
            Minimum = price.Terms.Minimum,
            Maximum = price.Terms.Maximum,
            HsnSac = price.HsnSac,
            EffectiveFrom = price.EffectiveFrom,
            EffectiveTo = price.EffectiveTo,
            OrganisationId = price.OrganisationId,
            OrganisationName = price.OrganisationName,
            PlanId = price.PlanId,
            PlanName = price.PlanName,
        };
        if (price.Terms.Tiers.Count > 0)
            form.TakeTiers(price.Terms.Tiers.Select(tier => new TierForm { UpTo = tier.UpTo, Price = tier.Price, Flat = tier.Flat == 0 ? null : tier.Flat }));
        return form;
    }

    /// <summary>What actions take; the parts of the model that is not chosen are left out.</summary>
    public PriceInput ToInput() => new()
    {
        MetricName = MetricName?.Trim(),
        Unit = Unit?.Trim(),
        Currency = Currency,
        Model = PriceModels.Name(Model),
        Price = Model is PriceModel.Standard or PriceModel.Package ? Price : null,
        Tiers = Model switch
        {
            PriceModel.Graduated or PriceModel.Volume => [.. Tiers.Select((tier, index) => new TierInput(UpTo(index), tier.Price, tier.Flat))],
            PriceModel.GraduatedPercentage => [.. Tiers.Select((tier, index) => new TierInput(UpTo(index), Flat: tier.Flat, Rate: tier.Price))],
            _ => null,
        },
        Steps = Model == PriceModel.StairStep ? [.. Tiers.Select((tier, index) => new StepInput(UpTo(index), tier.Price))] : null,
        Size = Model == PriceModel.Package ? Size : null,
        Free = Model == PriceModel.Package ? Free : null,
        Rate = Model == PriceModel.Percentage ? Rate : null,
        FreeAmount = Model == PriceModel.Percentage ? FreeAmount : null,
        Fee = Model == PriceModel.Percentage ? Fee : null,
        FreeEvents = Model == PriceModel.Percentage && FreeEvents is >= 0 and < 1_000_000_000_000m ? (long)FreeEvents : null,
        Included = Included,
        Minimum = Minimum,
        Maximum = Maximum,
        HsnSac = string.IsNullOrWhiteSpace(HsnSac) ? null : HsnSac.Trim(),
        EffectiveFrom = EffectiveFrom,
        EffectiveTo = EffectiveTo,
        OrganisationId = OrganisationId,
        PlanId = PlanId,
        Replaces = Replaces,
    };

    private void TakeTiers(IEnumerable<TierForm> tiers)
    {
        Tiers.Clear();
        Tiers.AddRange(tiers);
    }

    private decimal? UpTo(int index) => index == Tiers.Count - 1 ? null : Tiers[index].UpTo;

    private static decimal? NullIfNothing(decimal? number) => number == 0 ? null : number;
}
