using Portal.Core.Kernel;

namespace Portal.Core.PrepaidCredits;

/// <summary>
/// An organisation's prepaid credits: units, not money, and never mixed with account credit. The balance is moved by its movements alone, in the
/// database, and never falls below zero.
/// </summary>
public sealed class PrepaidWallet : IOrganisationOwned
{
    private PrepaidWallet() { }

    public Guid OrganisationId { get; private set; }

    public decimal Balance { get; private set; }

    /// <summary>How many there were; gives the next one its place.</summary>
    public long Movements { get; private set; }
}

/// <summary>Where prepaid credits came from.</summary>
public enum PrepaidGrantKind
{
    /// <summary>A pack that was paid.</summary>
    Purchase,

    /// <summary>Included in a plan, each period.</summary>
    Plan,

    /// <summary>Given to win or keep a customer: a discount, never taxed.</summary>
    Promotional,

    /// <summary>Given by staff, with a reason.</summary>
    Staff,
}

/// <summary>Credits that came at once and expire together. Consumed in order of expiry; those that never expire come last.</summary>
public sealed class PrepaidGrant : IOrganisationOwned
{
    private PrepaidGrant() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public PrepaidGrantKind Kind { get; private set; }

    /// <summary>The purchase, the plan's period or the grant itself; granted once per kind and source.</summary>
    public Guid SourceId { get; private set; }

    /// <summary>As granted, above 0.</summary>
    public decimal Credits { get; private set; }

    /// <summary>Not used and not expired yet; moved by the movements alone, in the database.</summary>
    public decimal Remaining { get; private set; }

    /// <summary>From then on they can be used.</summary>
    public DateTimeOffset GrantedAt { get; private set; }

    /// <summary>What is left then is lost; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    public string? Reason { get; private set; }

    /// <summary>The member of staff who gave it.</summary>
    public Guid? GrantedBy { get; private set; }

    /// <summary>A grant with nothing in it yet: the movement that comes with it fills it.</summary>
    public static PrepaidGrant Empty(NewPrepaidGrant grant, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(grant);
        var id = Guid.CreateVersion7(now);
        return new PrepaidGrant
        {
            Id = id,
            OrganisationId = grant.OrganisationId,
            Kind = grant.Kind,
            SourceId = grant.SourceId ?? id,
            Credits = grant.Credits,
            GrantedAt = now,
            ExpiresAt = grant.ExpiresAt,
            Reason = grant.Reason,
            GrantedBy = grant.GrantedBy,
        };
    }
}

/// <summary>Credits that are to be granted.</summary>
/// <param name="OrganisationId">Whose.</param>
/// <param name="Kind">Where from.</param>
/// <param name="Credits">Above 0.</param>
/// <param name="SourceId">What causes it, once per kind; null: nothing but itself.</param>
/// <param name="ExpiresAt">When what is left is lost.</param>
/// <param name="Reason">Why.</param>
/// <param name="GrantedBy">Who.</param>
/// <param name="ProviderPaymentId">The provider's payment, of a purchase.</param>
public sealed record NewPrepaidGrant(
    Guid OrganisationId, PrepaidGrantKind Kind, decimal Credits, Guid? SourceId = null, DateTimeOffset? ExpiresAt = null, string? Reason = null, Guid? GrantedBy = null, string? ProviderPaymentId = null);

/// <summary>Why prepaid credits moved; a stored name never changes its meaning.</summary>
public enum PrepaidMovementKind
{
    /// <summary>A pack was paid.</summary>
    Purchased,

    /// <summary>Granted without being bought.</summary>
    Earned,

    /// <summary>Usage was covered.</summary>
    Consumed,

    /// <summary>Usage that had been covered was corrected away.</summary>
    Returned,

    /// <summary>The grant's time is over.</summary>
    Expired,
}

/// <summary>One movement of prepaid credits of one grant, with the organisation's balance after it. Append-only.</summary>
public sealed class PrepaidMovement : IOrganisationOwned
{
    private PrepaidMovement() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>In order of moving within the organisation, from 1: the wallet gives it.</summary>
    public long Sequence { get; private set; }

    public Guid GrantId { get; private set; }

    public PrepaidMovementKind Kind { get; private set; }

    /// <summary>Credits: above 0 added, below 0 taken.</summary>
    public decimal Amount { get; private set; }

    /// <summary>Of the wallet; the database writes it.</summary>
    public decimal BalanceAfter { get; private set; }

    /// <summary>What caused it, as a word: <c>purchase</c>, <c>plan</c>, <c>promotional</c>, <c>staff</c>, <c>usage</c> or <c>expiry</c>.</summary>
    public string Source { get; private set; } = "";

    /// <summary>The purchase or the like; null for usage and expiry.</summary>
    public Guid? SourceId { get; private set; }

    /// <summary>The cost by which usage was covered.</summary>
    public Guid? CreditCostId { get; private set; }

    public string? MetricName { get; private set; }

    public string? Unit { get; private set; }

    /// <summary>The month of the usage, as <see cref="Metering.BillingMonth.Index"/>.</summary>
    public int? Month { get; private set; }

    /// <summary>Units of usage that were covered; below 0 where they were given back.</summary>
    public decimal? Quantity { get; private set; }

    /// <summary>When the grant expires.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    public string? ProviderPaymentId { get; private set; }

    public string? Description { get; private set; }

    /// <summary>A JSON object, where there is more to say.</summary>
    public string? Metadata { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
}

/// <summary>What prepaid credits have covered of a month's usage of a metric, all movements together.</summary>
public sealed class PrepaidCoverage : IOrganisationOwned
{
    private PrepaidCoverage() { }

    public Guid OrganisationId { get; private set; }

    /// <summary>As <see cref="Metering.BillingMonth.Index"/>.</summary>
    public int Month { get; private set; }

    public string MetricName { get; private set; } = "";

    public string Unit { get; private set; } = "";

    /// <summary>Units that are not rated.</summary>
    public decimal Quantity { get; private set; }

    /// <summary>What they cost.</summary>
    public decimal Credits { get; private set; }
}
