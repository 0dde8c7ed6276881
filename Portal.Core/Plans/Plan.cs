using Portal.Core.Kernel;

namespace Portal.Core.Plans;

/// <summary>
/// What is sold: a recurring fee with what it includes. Prices of its own are <see cref="Pricing.Price"/>s with its id. A change is for what is
/// sold from then on: subscriptions keep the fee that they began with.
/// </summary>
public sealed class Plan
{
    private Plan() { }

    public Guid Id { get; private set; }

    /// <summary>Short and stable, for programs; one plan's only.</summary>
    public string Code { get; private set; } = "";

    public string Name { get; private set; } = "";

    public string? Description { get; private set; }

    /// <summary>Of a whole period, rounded to the currency.</summary>
    public decimal PriceAmount { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    public BillingInterval Interval { get; private set; }

    /// <summary>Intervals to a period, 1 and up.</summary>
    public int IntervalCount { get; private set; }

    /// <summary>Days before the first fee; 0 for none.</summary>
    public int TrialPeriodDays { get; private set; }

    /// <summary>Prepaid units that each period brings.</summary>
    public decimal IncludedCredits { get; private set; }

    /// <summary>People of the organisation, at most; null without a limit.</summary>
    public int? MaxUsers { get; private set; }

    /// <summary>What it contains, in words, in order.</summary>
    public IReadOnlyList<string> Features { get; private set; } = [];

    /// <summary>What is used of a calendar month at least; what falls short is charged. Null for none.</summary>
    public decimal? MinimumCommitment { get; private set; }

    /// <summary>Harmonised code of the fee, for tax invoices.</summary>
    public string? HsnSac { get; private set; }

    /// <summary>True: an organisation's own people may change to it, and away from it.</summary>
    public bool CustomersMayChange { get; private set; }

    /// <summary>True: an organisation's own people may cancel it.</summary>
    public bool CustomersMayCancel { get; private set; }

    /// <summary>The payment provider's id of the plan, where it has one.</summary>
    public string? ProviderPriceId { get; private set; }

    /// <summary>The payment provider's id of the product, where it has one.</summary>
    public string? ProviderProductId { get; private set; }

    /// <summary>False once it is archived: nobody new gets it, who has it keeps it.</summary>
    public bool IsActive { get; private set; } = true;

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public BillingCycle Cycle => new(Interval, IntervalCount);

    public static Plan Create(PlanTerms terms, DateTimeOffset now)
    {
        var plan = new Plan { Id = Guid.CreateVersion7(now), CreatedAt = now };
        plan.Change(terms, now);
        return plan;
    }

    /// <summary>Takes over the terms, for what is sold from now on.</summary>
    public void Change(PlanTerms terms, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(terms);
        Code = terms.Code;
        Name = terms.Name;
        Description = terms.Description;
        PriceAmount = terms.PriceAmount;
        Currency = terms.Currency;
        Interval = terms.Interval;
        IntervalCount = terms.IntervalCount;
        TrialPeriodDays = terms.TrialPeriodDays;
        IncludedCredits = terms.IncludedCredits;
        MaxUsers = terms.MaxUsers;
        Features = terms.Features;
        MinimumCommitment = terms.MinimumCommitment;
        HsnSac = terms.HsnSac;
        CustomersMayChange = terms.CustomersMayChange;
        CustomersMayCancel = terms.CustomersMayCancel;
        ProviderPriceId = terms.ProviderPriceId;
        ProviderProductId = terms.ProviderProductId;
        UpdatedAt = now;
    }

    /// <summary>Takes it off sale, or puts it on sale again.</summary>
    public void SetActive(bool isActive, DateTimeOffset now)
    {
        if (IsActive == isActive)
            throw new IllegalTransitionException(isActive ? "The plan is already active." : "The plan is already archived.");
        (IsActive, UpdatedAt) = (isActive, now);
    }
}

/// <summary>A plan's terms, checked.</summary>
public sealed record PlanTerms
{
    public required string Code { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required decimal PriceAmount { get; init; }

    public required string Currency { get; init; }

    public BillingInterval Interval { get; init; } = BillingInterval.Month;

    public int IntervalCount { get; init; } = 1;

    public int TrialPeriodDays { get; init; }

    public decimal IncludedCredits { get; init; }

    public int? MaxUsers { get; init; }

    public IReadOnlyList<string> Features { get; init; } = [];

    public decimal? MinimumCommitment { get; init; }

    public string? HsnSac { get; init; }

    public bool CustomersMayChange { get; init; }

    public bool CustomersMayCancel { get; init; }

    public string? ProviderPriceId { get; init; }

    public string? ProviderProductId { get; init; }
}

/// <summary>A plan as it was typed or sent.</summary>
public sealed record PlanInput
{
    /// <summary>1 to 50 lower-case letters, digits, <c>-</c> and <c>_</c>.</summary>
    public string? Code { get; init; }

    /// <summary>1 to 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>At most 2,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>0 and up, with no more decimals than the currency.</summary>
    public decimal? PriceAmount { get; init; }

    public string? Currency { get; init; }

    /// <summary><c>month</c> (when left out) or <c>year</c>.</summary>
    public string? Interval { get; init; }

    /// <summary>1 (when left out) to 36.</summary>
    public int? IntervalCount { get; init; }

    /// <summary>0 (when left out) to 730.</summary>
    public int? TrialPeriodDays { get; init; }

    /// <summary>0 (when left out) and up.</summary>
    public decimal? IncludedCredits { get; init; }

    /// <summary>1 and up; null for no limit.</summary>
    public int? MaxUsers { get; init; }

    /// <summary>At most 50, of 1 to 200 characters.</summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>Above 0, in the plan's currency; null for none.</summary>
    public decimal? MinimumCommitment { get; init; }

    /// <summary>4 to 8 digits.</summary>
    public string? HsnSac { get; init; }

    public bool CustomersMayChange { get; init; }

    public bool CustomersMayCancel { get; init; }

    public string? ProviderPriceId { get; init; }

    public string? ProviderProductId { get; init; }
}

/// <summary>What a plan must be.</summary>
public static class PlanValidation
{
    private const decimal Largest = 1_000_000_000_000m;

    /// <summary>The terms, or null with everything that is wrong, by field.</summary>
    public static PlanTerms? Check(PlanInput input, out List<Failure> failures)
    {
        ArgumentNullException.ThrowIfNull(input);
        var found = failures = [];
        var (code, name, hsnSac) = (input.Code?.Trim() ?? "", input.Name?.Trim() ?? "", Text(input.HsnSac));
        var features = (input.Features ?? []).Select(feature => feature.Trim()).Where(feature => feature.Length > 0).ToList();
        var interval = (input.Interval ?? "month") switch { "month" => BillingInterval.Month, "year" => BillingInterval.Year, _ => (BillingInterval?)null };
        Require(code.Length is >= 1 and <= 50 && code.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_'), "code", "Enter 1 to 50 lowercase letters, digits, - and _.");
        Require(name.Length is >= 1 and <= 100, "name", "Enter a name of 1 to 100 characters.");
        Require(input.Description is null or { Length: <= 2000 }, "description", "At most 2,000 characters.");
        Require(Currencies.Currency.TryOf(input.Currency, out var currency), "currency", "Enter an ISO 4217 code, such as INR.");
        Require(input.PriceAmount is >= 0 and < Largest, "priceAmount", "Enter an amount of 0 or more.");
        Require(input.PriceAmount is not { } price || currency is null || currency.Round(price) == price, "priceAmount", $"This currency has {currency?.Exponent} decimals.");
        Require(interval is not null, "interval", "Choose month or year.");
        Require(input.IntervalCount is null or (>= 1 and <= 36), "intervalCount", "Enter 1 to 36.");
        Require(input.TrialPeriodDays is null or (>= 0 and <= 730), "trialPeriodDays", "Enter 0 to 730 days.");
        Require(input.IncludedCredits is null or (>= 0 and < Largest), "includedCredits", "Enter 0 or more.");
        Require(input.MaxUsers is null or >= 1, "maxUsers", "Enter 1 or more, or leave empty for no limit.");
        Require(features.Count <= 50 && features.TrueForAll(feature => feature.Length <= 200), "features", "At most 50, of up to 200 characters each.");
        Require(input.MinimumCommitment is null or (> 0 and < Largest), "minimumCommitment", "Enter an amount above 0, or leave empty for none.");
        Require(input.MinimumCommitment is not { } commitment || currency is null || currency.Round(commitment) == commitment, "minimumCommitment", $"This currency has {currency?.Exponent} decimals.");
        Require(hsnSac is null || (hsnSac.Length is >= 4 and <= 8 && hsnSac.All(char.IsAsciiDigit)), "hsnSac", "Enter 4 to 8 digits.");
        Require(input.ProviderPriceId is null or { Length: <= 255 }, "providerPriceId", "At most 255 characters.");
        Require(input.ProviderProductId is null or { Length: <= 255 }, "providerProductId", "At most 255 characters.");
        return found.Count > 0
            ? null
            : new PlanTerms
            {
                Code = code,
                Name = name,
                Description = Text(input.Description),
                PriceAmount = input.PriceAmount!.Value,
                Currency = currency!.Code,
                Interval = interval!.Value,
                IntervalCount = input.IntervalCount ?? 1,
                TrialPeriodDays = input.TrialPeriodDays ?? 0,
                IncludedCredits = input.IncludedCredits ?? 0,
                MaxUsers = input.MaxUsers,
                Features = features,
                MinimumCommitment = input.MinimumCommitment,
                HsnSac = hsnSac,
                CustomersMayChange = input.CustomersMayChange,
                CustomersMayCancel = input.CustomersMayCancel,
                ProviderPriceId = Text(input.ProviderPriceId),
                ProviderProductId = Text(input.ProviderProductId),
            };

        void Require(bool holds, string field, string message)
        {
            if (!holds)
                found.Add(Failure.Invalid(field, message));
        }
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
