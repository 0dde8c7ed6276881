using Portal.Core.Plans;

namespace Portal.Components.Admin.Plans;

/// <summary>A plan as it is being typed.</summary>
public sealed class PlanForm
{
    public string? Code { get; set; }

    public string? Name { get; set; }

    public string? Description { get; set; }

    public decimal? PriceAmount { get; set; }

    public string? Currency { get; set; } = "INR";

    public string? Interval { get; set; } = "month";

    public decimal? IntervalCount { get; set; } = 1;

    public decimal? TrialPeriodDays { get; set; }

    public decimal? IncludedCredits { get; set; }

    public decimal? MaxUsers { get; set; }

    /// <summary>One a line.</summary>
    public string? Features { get; set; }

    public decimal? MinimumCommitment { get; set; }

    public string? HsnSac { get; set; }

    public bool CustomersMayChange { get; set; }

    public bool CustomersMayCancel { get; set; }

    /// <summary>What the payment provider calls it: kept as it is.</summary>
    public string? ProviderPriceId { get; set; }

    /// <inheritdoc cref="ProviderPriceId" />
    public string? ProviderProductId { get; set; }

    /// <summary>Subscriptions that run on it.</summary>
    public int Subscriptions { get; set; }

    public static PlanForm Of(PlanRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var plan = row.Plan;
        return new PlanForm
        {
            Code = plan.Code,
            Name = plan.Name,
            Description = plan.Description,
            PriceAmount = plan.PriceAmount,
            Currency = plan.Currency,
            Interval = plan.Interval == BillingInterval.Year ? "year" : "month",
            IntervalCount = plan.IntervalCount,
            TrialPeriodDays = NullIfNothing(plan.TrialPeriodDays),
            IncludedCredits = NullIfNothing(plan.IncludedCredits),
            MaxUsers = plan.MaxUsers,
            Features = string.Join('\n', plan.Features),
            MinimumCommitment = plan.MinimumCommitment,
            HsnSac = plan.HsnSac,
            CustomersMayChange = plan.CustomersMayChange,
            CustomersMayCancel = plan.CustomersMayCancel,
            ProviderPriceId = plan.ProviderPriceId,
            ProviderProductId = plan.ProviderProductId,
            Subscriptions = row.Subscriptions,
        };
    }

    public PlanInput ToInput() => new()
    {
        Code = Code,
        Name = Name,
        Description = Description,
        PriceAmount = PriceAmount,
        Currency = Currency,
        Interval = Interval,
        IntervalCount = Whole(IntervalCount ?? 1),
        TrialPeriodDays = Whole(TrialPeriodDays),
        IncludedCredits = IncludedCredits,
        MaxUsers = Whole(MaxUsers),
        Features = (Features ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        MinimumCommitment = MinimumCommitment,
        HsnSac = HsnSac,
        CustomersMayChange = CustomersMayChange,
        CustomersMayCancel = CustomersMayCancel,
        ProviderPriceId = ProviderPriceId,
        ProviderProductId = ProviderProductId,
    };

    // What is no such number is refused by its bounds.
    private static int? Whole(decimal? number) => number is { } value ? (int)Math.Clamp(value, -1, 1_000_000_000) : null;

    private static decimal? NullIfNothing(decimal number) => number == 0 ? null : number;
}
