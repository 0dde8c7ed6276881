using Portal.Core.Kernel;

namespace Portal.Core.Payments;

/// <summary>How far an order at the provider is.</summary>
public enum PaymentOrderStatus
{
    /// <summary>Written down; the provider has not answered yet.</summary>
    Intended,

    /// <summary>The provider knows it; it can be paid.</summary>
    Open,

    /// <summary>The provider's answer is not known; the reconciliation job asks.</summary>
    Unknown,

    Paid,

    /// <summary>Refused by the provider, or replaced because the amount due changed.</summary>
    Closed,
}

/// <summary>The intent to collect an invoice, or a purchase of prepaid credits, through the provider: written before the provider is called. At most one is open of each.</summary>
public sealed class PaymentOrder : IOrganisationOwned
{
    private PaymentOrder() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>What is paid, unless it is a purchase of prepaid credits.</summary>
    public Guid? InvoiceId { get; private set; }

    /// <summary>The purchase of prepaid credits that is paid, unless it is an invoice.</summary>
    public Guid? PrepaidPurchaseId { get; private set; }

    public PaymentOrderStatus Status { get; private set; }

    public string Currency { get; private set; } = "";

    public decimal Amount { get; private set; }

    /// <summary>Ours, at most 40 characters; by it an order with an unknown outcome is found again.</summary>
    public string Receipt { get; private set; } = "";

    public string? ProviderOrderId { get; private set; }

    public string? Error { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static PaymentOrder Intend(Guid organisationId, Guid invoiceId, string currency, decimal amount, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        return new PaymentOrder
        {
            Id = id,
            OrganisationId = organisationId,
            InvoiceId = invoiceId,
            Currency = currency,
            Amount = amount,
            Receipt = id.ToString("n"),
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>The intent to collect a purchase of prepaid credits.</summary>
    public static PaymentOrder IntendPurchase(Guid organisationId, Guid prepaidPurchaseId, string currency, decimal amount, DateTimeOffset now)
    {
        var order = Intend(organisationId, Guid.Empty, currency, amount, now);
        (order.InvoiceId, order.PrepaidPurchaseId) = (null, prepaidPurchaseId);
        return order;
    }

    /// <summary>True while it may still be handed to a customer; at most one order of an invoice is.</summary>
    public bool IsOpen => Status is PaymentOrderStatus.Intended or PaymentOrderStatus.Open or PaymentOrderStatus.Unknown;

    public void Opened(string providerOrderId, DateTimeOffset now) => (Status, ProviderOrderId, Error, UpdatedAt) =
        Status is PaymentOrderStatus.Intended or PaymentOrderStatus.Unknown
            ? (PaymentOrderStatus.Open, providerOrderId, (string?)null, now)
            : throw new IllegalTransitionException($"An order that is {Status} can't be opened.");

    public void OutcomeUnknown(string why, DateTimeOffset now) => (Status, Error, UpdatedAt) =
        Status is PaymentOrderStatus.Intended or PaymentOrderStatus.Unknown
            ? (PaymentOrderStatus.Unknown, why, now)
            : throw new IllegalTransitionException($"The outcome of an order that is {Status} is known.");

    public void Close(string why, DateTimeOffset now) => (Status, Error, UpdatedAt) = Status != PaymentOrderStatus.Paid
        ? (PaymentOrderStatus.Closed, why, now)
        : throw new IllegalTransitionException("A paid order can't be closed.");

    /// <summary>The provider was asked and had nothing new; decides when it is asked again.</summary>
    public void Checked(DateTimeOffset now) => UpdatedAt = now;

    /// <summary>Paid at the provider; also an order that we had closed may be paid late.</summary>
    public void MarkPaid(DateTimeOffset now) => (Status, UpdatedAt) = (PaymentOrderStatus.Paid, now);
}
