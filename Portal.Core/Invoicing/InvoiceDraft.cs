using Portal.Core.Currencies;
using Portal.Core.Metering;
using Portal.Core.Plans;
using Portal.Core.Tax;

namespace Portal.Core.Invoicing;

/// <summary>A charge that would stand on an invoice.</summary>
public sealed record DraftLine
{
    public required InvoiceLineKind Kind { get; init; }

    public required string Description { get; init; }

    public required string MetricName { get; init; }

    public required string Unit { get; init; }

    /// <summary>The project, when the usage is of one project only.</summary>
    public Guid? ProjectId { get; init; }

    public required BillingMonth UsageMonth { get; init; }

    public required long EventCount { get; init; }

    public required decimal Quantity { get; init; }

    /// <summary>Per unit, where one price says it all.</summary>
    public decimal? UnitPrice { get; init; }

    /// <summary>Without tax, rounded once. Negative on a proration credit alone; late usage that is negative is in <see cref="InvoiceDraft.Credits"/>.</summary>
    public required decimal Amount { get; init; }

    /// <summary>In the invoice's currency: with the tax where prices contain it, else the same as the amount.</summary>
    public required decimal Charge { get; init; }

    /// <summary>Taken off the charge before tax, by all discounts; on a credit, what is not given back.</summary>
    public decimal Discount { get; init; }

    /// <summary>Where the price is in another currency.</summary>
    public ConvertedAmount? Conversion { get; init; }

    /// <summary>Per cent in all; null where no tax is charged.</summary>
    public decimal? TaxRate { get; init; }

    /// <summary>Its share of the invoice's tax.</summary>
    public decimal TaxAmount { get; init; }

    /// <summary>True: the charge contains the tax.</summary>
    public bool IsTaxInclusive { get; init; }

    public required decimal UnroundedAmount { get; init; }

    public string? HsnSac { get; init; }

    /// <summary>The price that rated it; null for what comes again and again.</summary>
    public Guid? PriceId { get; init; }

    /// <summary>Of which phase of a subscription it is the fee.</summary>
    public Guid? SubscriptionPhaseId { get; init; }

    /// <summary>Of which phase of a service it is the fee.</summary>
    public Guid? ServicePhaseId { get; init; }

    /// <summary>For what comes again and again: the charge that is not invoiced twice.</summary>
    public string? ChargeKey { get; init; }

    /// <summary>The days that a recurring fee is for.</summary>
    public DaySpan? Span { get; init; }

    public required LineExplanation Explanation { get; init; }
}

/// <summary>What an organisation's month comes to: shown as a preview, and stored by a run.</summary>
public sealed record InvoiceDraft
{
    public required Guid OrganisationId { get; init; }

    public required BillingMonth Month { get; init; }

    public required Period Period { get; init; }

    /// <summary>IANA zone that cut the period.</summary>
    public required string TimeZone { get; init; }

    public required string Locale { get; init; }

    public required Currency Currency { get; init; }

    public IReadOnlyList<DraftLine> Lines { get; init; } = [];

    /// <summary>Late usage that made an earlier month cheaper; their amounts are negative and become account credit.</summary>
    public IReadOnlyList<DraftLine> Credits { get; init; } = [];

    /// <summary>What is given back of fees and finds no room on this invoice; negative, in the invoice's currency. It waits for the next.</summary>
    public decimal CreditCarried { get; init; }

    public IReadOnlyList<TaxComponent> Taxes { get; init; } = [];

    /// <summary>How it is taxed, and why.</summary>
    public required TaxTreatment TaxTreatment { get; init; }

    /// <summary>Usage that no price covers: not on the invoice, and never in silence.</summary>
    public IReadOnlyList<MeteredUsage> Unpriced { get; init; } = [];

    /// <summary>What is not on the invoice because no exchange rate is in force, each in words; then it is held.</summary>
    public IReadOnlyList<string> NotConverted { get; init; } = [];

    /// <summary>Why it can't be issued as it stands, when it can't.</summary>
    public string? HoldReason { get; init; }

    public decimal Subtotal { get; init; }

    public decimal Discount { get; init; }

    public decimal Tax { get; init; }

    public decimal Total { get; init; }

    /// <summary>0: the month's invoice. 1 and up: one beside it that holds late usage alone.</summary>
    public int Supplement { get; init; }

    /// <summary>False: there is nothing to make an invoice of.</summary>
    public bool IsWorthAnInvoice => Lines.Count > 0 || HoldReason is not null;
}
