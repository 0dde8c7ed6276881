using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.Discounts;

/// <summary>How a discount is worked out.</summary>
public enum DiscountKind
{
    /// <summary>Per cent of what is left of the amount.</summary>
    Percentage,

    /// <summary>An amount of one currency, at most what is left.</summary>
    Amount,
}

/// <summary>How an organisation came to a discount.</summary>
public enum DiscountSource
{
    /// <summary>Its people entered the code.</summary>
    Code,

    /// <summary>Staff gave it, with a reason.</summary>
    Staff,
}

/// <summary>
/// A discount that can be given: its numbers never change once it is there, so that what was taken off stays explained. It is ended instead.
/// </summary>
public sealed class Discount
{
    private Discount() { }

    public Guid Id { get; private set; }

    /// <summary>As printed on invoices, 1 to 100 characters.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What a customer enters, in capitals; null: only staff give it. Unique.</summary>
    public string? Code { get; private set; }

    public DiscountKind Kind { get; private set; }

    /// <summary>Per cent, above 0 and at most 100; or an amount of <see cref="Currency"/>, above 0.</summary>
    public decimal Value { get; private set; }

    /// <summary>ISO 4217; only of an amount.</summary>
    public string? Currency { get; private set; }

    /// <summary>The metric whose lines it is for; null: the whole invoice.</summary>
    public string? MetricName { get; private set; }

    /// <summary>With a metric: its unit; null: every unit of it.</summary>
    public string? Unit { get; private set; }

    /// <summary>Billing months that it lasts; null: until it is ended.</summary>
    public int? Periods { get; private set; }

    /// <summary>The last day on which it can be entered or given; null: no such day.</summary>
    public DateOnly? RedeemBy { get; private set; }

    /// <summary>Organisations that may have it; null: any number.</summary>
    public int? MaxRedemptions { get; private set; }

    /// <summary>Organisations that got it so far.</summary>
    public int Redemptions { get; private set; }

    /// <summary>False: nobody gets it any more; who has it keeps it.</summary>
    public bool IsActive { get; private set; } = true;

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static Discount Create(DiscountDefinition definition, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new Discount
        {
            Id = Guid.CreateVersion7(now),
            Name = definition.Name,
            Code = definition.Code,
            Kind = definition.Kind,
            Value = definition.Value,
            Currency = definition.Currency,
            MetricName = definition.MetricName,
            Unit = definition.Unit,
            Periods = definition.Periods,
            RedeemBy = definition.RedeemBy,
            MaxRedemptions = definition.MaxRedemptions,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>True while somebody may still get it.</summary>
    /// <param name="day">Today, where the seller is.</param>
    public bool CanBeRedeemed(DateOnly day) => IsActive && (RedeemBy is not { } last || day <= last) && (MaxRedemptions is not { } most || Redemptions < most);

    /// <summary>Counts one organisation more.</summary>
    public void Redeem(DateOnly day, DateTimeOffset now)
    {
        if (!CanBeRedeemed(day))
            throw new IllegalTransitionException("The discount is not to be had any more.");
        (Redemptions, UpdatedAt) = (Redemptions + 1, now);
    }

    /// <summary>Nobody gets it any more; who has it keeps it.</summary>
    public void Withdraw(DateTimeOffset now) => (IsActive, UpdatedAt) = IsActive
        ? (false, now)
        : throw new IllegalTransitionException("The discount is already withdrawn.");
}

/// <summary>A discount that is to be made.</summary>
public sealed record DiscountDefinition(
    string Name,
    DiscountKind Kind,
    decimal Value,
    string? Currency = null,
    string? Code = null,
    string? MetricName = null,
    string? Unit = null,
    int? Periods = null,
    DateOnly? RedeemBy = null,
    int? MaxRedemptions = null);

/// <summary>
/// A discount that an organisation has, for some of its billing months. Those of one organisation are taken off in the order in which they were given.
/// </summary>
public sealed class OrganisationDiscount : IOrganisationOwned
{
    private OrganisationDiscount() { }

    /// <summary>UUIDv7: in order of giving.</summary>
    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public Guid DiscountId { get; private set; }

    public DiscountSource Source { get; private set; }

    /// <summary>Why staff gave it.</summary>
    public string? Reason { get; private set; }

    /// <summary>The person who entered or gave it.</summary>
    public Guid? GivenBy { get; private set; }

    /// <summary>The first month that it is for, as <see cref="BillingMonth.Index"/>.</summary>
    public int FirstMonth { get; private set; }

    /// <summary>The first month that it is no longer for; null: open.</summary>
    public int? EndMonth { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static OrganisationDiscount Give(Guid organisationId, Discount discount, GivenDiscount given, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(discount);
        ArgumentNullException.ThrowIfNull(given);
        return new OrganisationDiscount
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = organisationId,
            DiscountId = discount.Id,
            Source = given.Source,
            Reason = given.Reason,
            GivenBy = given.By,
            FirstMonth = given.First.Index,
            EndMonth = given.First.Index + discount.Periods,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>Ends it before a month. An end can be brought forward, not put off.</summary>
    public void End(BillingMonth month, DateTimeOffset now)
    {
        if (EndMonth <= month.Index || month.Index < FirstMonth)
            throw new IllegalTransitionException("A discount ends after it began and before any end that it already has.");
        (EndMonth, UpdatedAt) = (month.Index, now);
    }
}

/// <summary>How a discount is given.</summary>
public sealed record GivenDiscount(DiscountSource Source, BillingMonth First, Guid? By, string? Reason);
