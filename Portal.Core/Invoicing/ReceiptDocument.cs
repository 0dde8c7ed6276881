using Portal.Core.Currencies;

namespace Portal.Core.Invoicing;

/// <summary>Everything that a receipt for one payment shows, as plain values; see <see cref="InvoiceDocument"/>.</summary>
public sealed record ReceiptDocument
{
    /// <summary>What stands on top: <c>Receipt</c>, <c>Payment receipt</c>.</summary>
    public required string Title { get; init; }

    public required string Number { get; init; }

    public required DocumentParty Seller { get; init; }

    public required DocumentParty Customer { get; init; }

    /// <summary>The day that the money was received.</summary>
    public required DateOnly PaidOn { get; init; }

    /// <summary>For people: <c>UPI</c>, <c>Bank transfer</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The provider's or the bank's id of the payment.</summary>
    public string? Reference { get; init; }

    public required Currency Currency { get; init; }

    public required string Locale { get; init; }

    public required decimal Amount { get; init; }

    /// <summary>What the payment was used for; may be empty.</summary>
    public IReadOnlyList<ReceiptDocumentAllocation> Allocations { get; init; } = [];

    /// <summary>What was left over and became account credit.</summary>
    public decimal Unallocated { get; init; }

    public string? AmountInWords { get; init; }

    public string? Notes { get; init; }

    public string? Footer { get; init; }
}

/// <summary>An invoice that a payment went to.</summary>
/// <param name="InvoiceNumber">Its number.</param>
/// <param name="InvoiceDate">The day of its issue.</param>
/// <param name="InvoiceTotal">Its total.</param>
/// <param name="Amount">Cash of this payment that went to it.</param>
/// <param name="TaxDeducted">Tax that the customer deducted at source and that settles the invoice beside the cash.</param>
/// <param name="StillDue">What is left to pay after it.</param>
public sealed record ReceiptDocumentAllocation(string InvoiceNumber, DateOnly InvoiceDate, decimal InvoiceTotal, decimal Amount, decimal TaxDeducted, decimal StillDue);
