using Portal.Core.Kernel;

namespace Portal.Core.PrepaidCredits;

/// <summary>Where a purchase stands.</summary>
public enum PrepaidPurchaseStatus
{
    /// <summary>Begun; nothing is paid.</summary>
    Pending,

    /// <summary>Paid: the credits are granted and the receipt voucher is numbered.</summary>
    Paid,
}

/// <summary>
/// A pack of credits that an organisation buys. It is taxed when it is paid, and bears a receipt voucher's number of its own series; usage that the credits
/// cover is not taxed again. Once paid it never changes.
/// </summary>
public sealed class PrepaidPurchase : IOrganisationOwned
{
    private PrepaidPurchase() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public Guid CreditProductId { get; private set; }

    /// <summary>As it was when it was begun.</summary>
    public string ProductName { get; private set; } = "";

    public decimal Credits { get; private set; }

    public int? ValidityDays { get; private set; }

    public PrepaidPurchaseStatus Status { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    /// <summary>Without tax.</summary>
    public decimal Net { get; private set; }

    public decimal Tax { get; private set; }

    /// <summary>Net and tax: what is paid.</summary>
    public decimal Total { get; private set; }

    /// <summary>JSON of the components of tax.</summary>
    public string Taxes { get; private set; } = "[]";

    /// <summary>JSON of how it is taxed, and why.</summary>
    public string TaxTreatment { get; private set; } = "{}";

    public string? HsnSac { get; private set; }

    /// <summary>The receipt voucher's, gapless within its series and financial year.</summary>
    public string? Number { get; private set; }

    /// <summary>JSON of the seller as of payment.</summary>
    public string? Seller { get; private set; }

    /// <summary>JSON of the customer as of payment.</summary>
    public string? Customer { get; private set; }

    public Guid? PaymentId { get; private set; }

    public DateTimeOffset? PaidAt { get; private set; }

    /// <summary>The person who began it.</summary>
    public Guid? BoughtBy { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static PrepaidPurchase Begin(Guid organisationId, CreditProduct product, PurchaseTax tax, Guid? by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(product);
        ArgumentNullException.ThrowIfNull(tax);
        return new PrepaidPurchase
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = organisationId,
            CreditProductId = product.Id,
            ProductName = product.Name,
            Credits = product.Credits,
            ValidityDays = product.ValidityDays,
            Currency = product.Currency,
            Net = tax.Net,
            Tax = tax.Tax,
            Total = tax.Net + tax.Tax,
            Taxes = tax.Components,
            TaxTreatment = tax.Treatment,
            HsnSac = product.HsnSac,
            BoughtBy = by,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>Its money is ours. Once only.</summary>
    public void MarkPaid(PaidPurchase paid, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(paid);
        if (Status == PrepaidPurchaseStatus.Paid)
            throw new IllegalTransitionException("The purchase is paid already.");
        (Status, PaymentId, Number, Seller, Customer) = (PrepaidPurchaseStatus.Paid, paid.PaymentId, paid.Number, paid.Seller, paid.Customer);
        (PaidAt, UpdatedAt) = (now, now);
    }
}

/// <summary>The tax of a purchase, worked out.</summary>
/// <param name="Net">Without tax.</param>
/// <param name="Tax">All components.</param>
/// <param name="Components">As JSON.</param>
/// <param name="Treatment">As JSON.</param>
public sealed record PurchaseTax(decimal Net, decimal Tax, string Components, string Treatment);

/// <summary>What a purchase gets when it is paid.</summary>
public sealed record PaidPurchase(Guid PaymentId, string Number, string Seller, string Customer);
