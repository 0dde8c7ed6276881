using Portal.Core.Currencies;

namespace Portal.Core.Invoicing;

/// <summary>
/// Everything that an invoice shows, as plain values. Nothing is computed from them when the document is made: what is given is what is
/// printed, and every amount is expected to be rounded to the minor unit already, unless said otherwise.
/// </summary>
public sealed record InvoiceDocument
{
    /// <summary>What stands on top: <c>Tax invoice</c>, <c>Invoice</c>, <c>Draft invoice</c>.</summary>
    public required string Title { get; init; }

    /// <summary>A draft is marked across every page and is not a demand for payment.</summary>
    public bool IsDraft { get; init; }

    /// <summary>What its number is called.</summary>
    public string NumberLabel { get; init; } = "Invoice number";

    /// <summary>Null until it is issued.</summary>
    public string? Number { get; init; }

    public required DocumentParty Seller { get; init; }

    public required DocumentParty Customer { get; init; }

    public required DateOnly IssueDate { get; init; }

    /// <summary>Null where nothing is due on a date.</summary>
    public DateOnly? DueDate { get; init; }

    /// <summary>First day of the period that is billed.</summary>
    public DateOnly? PeriodStart { get; init; }

    /// <summary>Last day of the period, included.</summary>
    public DateOnly? PeriodEnd { get; init; }

    /// <summary>Where the law wants it, e.g. <c>Karnataka (29)</c>.</summary>
    public string? PlaceOfSupply { get; init; }

    /// <summary>Printed as yes or no where it has a value.</summary>
    public bool? ReverseCharge { get; init; }

    public required Currency Currency { get; init; }

    /// <summary>A BCP 47 tag that decides how figures and dates are written.</summary>
    public required string Locale { get; init; }

    public required IReadOnlyList<InvoiceDocumentLine> Lines { get; init; }

    /// <summary>The sum of the lines.</summary>
    public required decimal Subtotal { get; init; }

    /// <summary>Zero or more: what is taken off the subtotal.</summary>
    public decimal Discount { get; init; }

    /// <summary>Each discount by itself, negative; empty where they are not told apart. They sum to <see cref="Discount"/>.</summary>
    public IReadOnlyList<InvoiceDocumentAdjustment> Discounts { get; init; } = [];

    public required decimal Taxable { get; init; }

    public IReadOnlyList<InvoiceDocumentTax> Taxes { get; init; } = [];

    public required decimal Total { get; init; }

    /// <summary>What changes the amount due after the total, such as account credit; a reduction is negative.</summary>
    public IReadOnlyList<InvoiceDocumentAdjustment> Adjustments { get; init; } = [];

    public decimal AmountPaid { get; init; }

    public required decimal AmountDue { get; init; }

    /// <summary>Null leaves it out; <see cref="Currencies.AmountInWords"/> writes it.</summary>
    public string? AmountInWords { get; init; }

    /// <summary>An absolute http or https address where the invoice is paid; printed as a link and as a QR code.</summary>
    public Uri? PayLink { get; init; }

    /// <summary>Free text; line breaks are kept. So are they in the two below.</summary>
    public string? Notes { get; init; }

    /// <summary>Bank account and the like.</summary>
    public string? PaymentInstructions { get; init; }

    /// <summary>At the foot of every page: registration numbers, <c>Made by a computer, valid without a signature</c>. One or two lines.</summary>
    public string? Footer { get; init; }
}

/// <summary>A line of an invoice.</summary>
public sealed record InvoiceDocumentLine
{
    public required string Description { get; init; }

    /// <summary>Below the description in small: the metric, the project, the period.</summary>
    public string? Detail { get; init; }

    /// <summary>The code of goods (HSN) or services (SAC).</summary>
    public string? HsnSac { get; init; }

    /// <summary>Up to 12 decimals; null for a line that is not counted.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>What is counted, e.g. <c>calls</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>Up to 12 decimals; null where several prices make up the line.</summary>
    public decimal? UnitPrice { get; init; }

    public required decimal Amount { get; init; }

    /// <summary>How the amount came to be, where one price does not say it.</summary>
    public IReadOnlyList<InvoiceDocumentTier> Tiers { get; init; } = [];

    /// <summary>For a line that was priced in another currency.</summary>
    public InvoiceDocumentConversion? Conversion { get; init; }
}

/// <summary>A row below a line: a tier of its price, a flat fee, an allowance.</summary>
/// <param name="Description">E.g. <c>First 1,000</c>.</param>
/// <param name="Quantity">Units in it; null for a flat fee.</param>
/// <param name="UnitPrice">Price of one of them; null for a flat fee.</param>
/// <param name="Amount">Unrounded: rounding happens once, on the line.</param>
public sealed record InvoiceDocumentTier(string Description, decimal? Quantity, decimal? UnitPrice, decimal Amount);

/// <summary>What a line cost in the currency of its price, and how it was converted.</summary>
/// <param name="Amount">In <paramref name="Currency"/>; may be unrounded.</param>
/// <param name="Currency">The currency of the price.</param>
/// <param name="Rate">Units of the invoice's currency for one of <paramref name="Currency"/>.</param>
/// <param name="RateDate">The day that the rate was in force.</param>
/// <param name="Source">Who published the rate, when it is known.</param>
public sealed record InvoiceDocumentConversion(decimal Amount, Currency Currency, decimal Rate, DateOnly RateDate, string? Source = null);

/// <summary>One component of tax over the whole invoice.</summary>
/// <param name="Name">E.g. <c>CGST</c>.</param>
/// <param name="Rate">Per cent.</param>
/// <param name="Base">The taxable amount that it is a share of.</param>
/// <param name="Amount">Rounded.</param>
public sealed record InvoiceDocumentTax(string Name, decimal Rate, decimal Base, decimal Amount);

/// <summary>A change of the amount due after the total.</summary>
public sealed record InvoiceDocumentAdjustment(string Label, decimal Amount);
