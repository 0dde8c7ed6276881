using Portal.Core.Kernel;

namespace Portal.Core.Payments;

/// <summary>How money came.</summary>
public enum PaymentMethod
{
    Razorpay,
    BankTransfer,
    Cash,
    Cheque,
    AccountCredit,
}

/// <summary>Where a payment stands; it only moves forward, except that a failed one may still be captured late.</summary>
public enum PaymentStatus
{
    /// <summary>Begun; the outcome is not known.</summary>
    Pending,

    /// <summary>The bank has set the money aside; it is not ours yet.</summary>
    Authorized,

    /// <summary>The money is ours.</summary>
    Captured,

    Failed,

    PartiallyRefunded,

    Refunded,
}

/// <summary>Money from a customer. What it settles is in its allocations; what is left over is account credit.</summary>
public sealed class Payment : IOrganisationOwned
{
    private readonly List<PaymentAllocation> _allocations = [];

    private Payment() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public PaymentMethod Method { get; private set; }

    public PaymentStatus Status { get; private set; }

    public string Currency { get; private set; } = "";

    /// <summary>Money received.</summary>
    public decimal Amount { get; private set; }

    /// <summary>Tax that the customer deducted at source: settles the invoice, is owed by the state.</summary>
    public decimal TdsAmount { get; private set; }

    /// <summary>Per cent that was deducted, where it is known.</summary>
    public decimal? TdsRate { get; private set; }

    /// <summary>The number of the customer's certificate (Form 16A), once it came.</summary>
    public string? TdsCertificate { get; private set; }

    /// <summary>The bank's or cheque's reference, as staff wrote it.</summary>
    public string? Reference { get; private set; }

    public string? ProviderOrderId { get; private set; }

    /// <summary>Unique: a provider's payment is booked once.</summary>
    public string? ProviderPaymentId { get; private set; }

    /// <summary>How the customer paid at the provider, e.g. <c>upi</c>.</summary>
    public string? ProviderMethod { get; private set; }

    /// <summary>What the provider keeps, tax included; known after capture.</summary>
    public decimal? Fee { get; private set; }

    public string? FailureReason { get; private set; }

    public DateTimeOffset ReceivedAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public IReadOnlyList<PaymentAllocation> Allocations => _allocations;

    /// <summary>What it settles in all.</summary>
    public decimal Settles => Amount + TdsAmount;

    /// <summary>A payment that staff record: the money is already ours.</summary>
    public static Payment Record(Guid organisationId, PaymentMethod method, string currency, decimal amount, decimal tdsAmount, string? reference, DateTimeOffset receivedAt, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganisationId = organisationId,
        Method = method,
        Status = PaymentStatus.Captured,
        Currency = currency,
        Amount = amount,
        TdsAmount = tdsAmount,
        Reference = reference,
        ReceivedAt = receivedAt,
        CreatedAt = now,
        UpdatedAt = now,
    };

    /// <summary>Says what is known of the deduction: its rate and the certificate that proves it. Only of a payment with one.</summary>
    public void Certify(decimal? rate, string? certificate, DateTimeOffset now)
    {
        if (TdsAmount == 0)
            throw new IllegalTransitionException("No tax was deducted from this payment.");
        (TdsRate, TdsCertificate, UpdatedAt) = (rate, certificate, now);
    }

    /// <summary>A provider's payment, seen for the first time.</summary>
    public static Payment AtProvider(Guid organisationId, string currency, decimal amount, string orderId, string paymentId, string? method, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganisationId = organisationId,
        Method = PaymentMethod.Razorpay,
        Status = PaymentStatus.Pending,
        Currency = currency,
        Amount = amount,
        ProviderOrderId = orderId,
        ProviderPaymentId = paymentId,
        ProviderMethod = method,
        ReceivedAt = now,
        CreatedAt = now,
        UpdatedAt = now,
    };

    /// <summary>True when <see cref="Authorize"/> would be a step forward.</summary>
    public bool CanAuthorize => Status is PaymentStatus.Pending or PaymentStatus.Failed;

    /// <summary>True when <see cref="Capture"/> would be a step forward; a failed payment may be captured late.</summary>
    public bool CanCapture => Status is PaymentStatus.Pending or PaymentStatus.Authorized or PaymentStatus.Failed;

    /// <summary>True when <see cref="Fail"/> would be a step forward.</summary>
    public bool CanFail => Status is PaymentStatus.Pending or PaymentStatus.Authorized;

    /// <summary>The provider was asked and had nothing new; decides when it is asked again.</summary>
    public void Checked(DateTimeOffset now) => UpdatedAt = now;

    public void Authorize(DateTimeOffset now) => (Status, FailureReason, UpdatedAt) = CanAuthorize
        ? (PaymentStatus.Authorized, (string?)null, now)
        : throw new IllegalTransitionException($"A payment that is {Status} can't be authorised.");

    public void Capture(decimal? fee, DateTimeOffset now) => (Status, Fee, FailureReason, ReceivedAt, UpdatedAt) = CanCapture
        ? (PaymentStatus.Captured, fee, (string?)null, now, now)
        : throw new IllegalTransitionException($"A payment that is {Status} can't be captured.");

    public void Fail(string reason, DateTimeOffset now) => (Status, FailureReason, UpdatedAt) = CanFail
        ? (PaymentStatus.Failed, reason, now)
        : throw new IllegalTransitionException($"A payment that is {Status} can't fail.");

    /// <summary>Gives a part of it to an invoice.</summary>
    public PaymentAllocation Allocate(Guid invoiceId, decimal amount, DateTimeOffset now)
    {
        if (amount <= 0 || _allocations.Sum(allocation => allocation.Amount) + amount > Settles)
            throw new ArgumentOutOfRangeException(nameof(amount), "More than 0 and at most what is left of the payment.");
        var allocation = PaymentAllocation.Of(this, invoiceId, amount, now);
        _allocations.Add(allocation);
        return allocation;
    }
}

/// <summary>The part of a payment that settles an invoice.</summary>
public sealed class PaymentAllocation : IOrganisationOwned
{
    private PaymentAllocation() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public Guid PaymentId { get; private set; }

    public Guid InvoiceId { get; private set; }

    public decimal Amount { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    internal static PaymentAllocation Of(Payment payment, Guid invoiceId, decimal amount, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganisationId = payment.OrganisationId,
        PaymentId = payment.Id,
        InvoiceId = invoiceId,
        Amount = amount,
        CreatedAt = now,
    };
}
