using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Tax;

namespace Portal.Core.Invoicing;

/// <summary>
/// What an organisation owes for a billing month. Once issued it and its lines never change, save for what is paid and its status;
/// the database refuses anything else. Every transition is one method that refuses what is not allowed.
/// </summary>
public sealed class Invoice : IOrganisationOwned
{
    private readonly List<InvoiceLine> _lines = [];
    private readonly List<InvoiceTax> _taxes = [];

    private Invoice() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>The run that made it.</summary>
    public Guid? BillingRunId { get; private set; }

    public InvoiceStatus Status { get; private set; }

    /// <summary>Gapless within its series and financial year; given at issue. At most 16 characters.</summary>
    public string? Number { get; private set; }

    public int Year { get; private set; }

    public int Month { get; private set; }

    public DateTimeOffset PeriodStart { get; private set; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset PeriodEnd { get; private set; }

    /// <summary>IANA zone that cut the period; dates on the document are in it.</summary>
    public string TimeZone { get; private set; } = "";

    public string Locale { get; private set; } = "";

    public string Currency { get; private set; } = "";

    /// <summary>The sum of the lines, exactly.</summary>
    public decimal Subtotal { get; private set; }

    public decimal Discount { get; private set; }

    public decimal Tax { get; private set; }

    /// <summary>Subtotal - discount + tax.</summary>
    public decimal Total { get; private set; }

    /// <summary>Settled so far: cash, tax deducted at source and account credit; 0 to <see cref="Total"/>.</summary>
    public decimal AmountPaid { get; private set; }

    /// <summary>Total - paid; the database computes it.</summary>
    public decimal AmountDue { get; private set; }

    /// <summary>JSON of the seller as of issue.</summary>
    public string? Seller { get; private set; }

    /// <summary>JSON of the customer as of issue.</summary>
    public string? Customer { get; private set; }

    /// <summary>JSON of how it is taxed, and why; null where it was made before that was kept.</summary>
    public string? TaxTreatment { get; private set; }

    /// <summary>Why a draft is held back, when it is.</summary>
    public string? HoldReason { get; private set; }

    public DateTimeOffset? IssuedAt { get; private set; }

    public DateTimeOffset? DueAt { get; private set; }

    public DateTimeOffset? PaidAt { get; private set; }

    public DateTimeOffset? VoidedAt { get; private set; }

    public string? VoidReason { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>0: the month's invoice. 1 and up: one beside it that holds late usage alone, billed at once.</summary>
    public int Supplement { get; private set; }

    public BillingMonth BillingMonth => new(Year, Month);

    public IReadOnlyList<InvoiceLine> Lines => _lines;

    public IReadOnlyList<InvoiceTax> Taxes => _taxes;

    /// <summary>True while money is owed on it.</summary>
    public bool IsOpen => Status is InvoiceStatus.Issued or InvoiceStatus.PartiallyPaid or InvoiceStatus.Overdue;

    /// <summary>Writes down what a draft came to.</summary>
    public static Invoice FromDraft(InvoiceDraft draft, Guid? billingRunId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var invoice = new Invoice
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = draft.OrganisationId,
            BillingRunId = billingRunId,
            Status = InvoiceStatus.Draft,
            Year = draft.Month.Year,
            Month = draft.Month.Month,
            Supplement = draft.Supplement,
            PeriodStart = draft.Period.Start,
            PeriodEnd = draft.Period.End,
            TimeZone = draft.TimeZone,
            Locale = draft.Locale,
            Currency = draft.Currency.Code,
            Subtotal = draft.Subtotal,
            Discount = draft.Discount,
            Tax = draft.Tax,
            Total = draft.Total,
            AmountDue = draft.Total,
            TaxTreatment = InvoiceJson.Write(draft.TaxTreatment),
            HoldReason = draft.HoldReason,
            CreatedAt = now,
            UpdatedAt = now,
        };
        invoice._lines.AddRange(draft.Lines.Select((line, index) => InvoiceLine.Of(invoice, index + 1, line, now)));
        invoice._taxes.AddRange(draft.Taxes.Select((tax, index) => InvoiceTax.Of(invoice, index + 1, tax)));
        return invoice;
    }

    /// <summary>True while its tax is what it would be on a day: the treatment is the same, and no rate has begun or ended since it was drafted.</summary>
    public bool IsTaxedAsOn(DateOnly day, TaxTreatment treatment, IEnumerable<TaxRate> rates)
    {
        ArgumentNullException.ThrowIfNull(treatment);
        ArgumentNullException.ThrowIfNull(rates);
        // What was drafted before treatments were kept says nothing that could be compared.
        if (TaxTreatment is null || InvoiceJson.Read<TaxTreatment>(TaxTreatment) is not { } drafted)
            return true;
        return drafted with { Day = day } == treatment with { Day = day }
            && !rates.Any(rate => rate.Country == drafted.Country && (Between(rate.EffectiveFrom) || (rate.EffectiveTo is { } end && Between(end)) || rate.UpdatedAt > CreatedAt));

        bool Between(DateOnly change) => change > drafted.Day && change <= day;
    }

    /// <summary>Takes a settled amount off what is due. At most <see cref="AmountDue"/>: what is over becomes account credit before this.</summary>
    public void ApplyPayment(decimal amount, DateTimeOffset now)
    {
        if (!IsOpen)
            throw new IllegalTransitionException($"An invoice that is {Status} takes no payment.");
        if (amount <= 0 || AmountPaid + amount > Total)
            throw new ArgumentOutOfRangeException(nameof(amount), "More than 0 and at most the amount due.");
        AmountPaid += amount;
        AmountDue = Total - AmountPaid;
        UpdatedAt = now;
        if (AmountPaid == Total)
            (Status, PaidAt) = (InvoiceStatus.Paid, now);
        else if (Status != InvoiceStatus.Overdue)
            Status = InvoiceStatus.PartiallyPaid;
    }

    /// <summary>Marks it past due. Only an open invoice with an amount due whose due date has passed.</summary>
    public void MarkOverdue(DateTimeOffset now)
    {
        if (!IsOpen || Status == InvoiceStatus.Overdue || DueAt >= now)
            throw new IllegalTransitionException($"An invoice that is {Status} and due at {DueAt:O} is not overdue.");
        (Status, UpdatedAt) = (InvoiceStatus.Overdue, now);
    }

    /// <summary>Calls it off. Only while nothing is paid; the number stays.</summary>
    public void MarkVoid(string reason, DateTimeOffset now)
    {
        if (!IsOpen || AmountPaid != 0)
            throw new IllegalTransitionException($"An invoice that is {Status} with {AmountPaid} paid can't be voided.");
        (Status, VoidedAt, VoidReason, UpdatedAt) = (InvoiceStatus.Void, now, reason, now);
    }
}
