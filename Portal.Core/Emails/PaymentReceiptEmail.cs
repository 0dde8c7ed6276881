using Portal.Core.Currencies;

namespace Portal.Core.Emails;

/// <summary>Confirms a payment; the receipt may go with it as a PDF.</summary>
public sealed record PaymentReceiptEmail
{
    public required string SellerName { get; init; }

    public required string CustomerName { get; init; }

    /// <summary>Of the receipt; null where none is numbered.</summary>
    public string? ReceiptNumber { get; init; }

    public required Money Amount { get; init; }

    public required DateOnly PaidOn { get; init; }

    /// <summary>For people: <c>UPI</c>, <c>Bank transfer</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The provider's or the bank's id.</summary>
    public string? Reference { get; init; }

    /// <summary>Numbers of the invoices that it went to.</summary>
    public IReadOnlyList<string> InvoiceNumbers { get; init; } = [];

    /// <summary>What is left to pay on those invoices.</summary>
    public required Money StillDue { get; init; }

    /// <summary>What was left over and became account credit.</summary>
    public Money? Credited { get; init; }

    public bool HasAttachment { get; init; }

    public required string Locale { get; init; }

    public required Uri ViewLink { get; init; }

    public string? SupportEmail { get; init; }

    public EmailContent Compose()
    {
        var amount = MoneyFormat.Amount(Amount, Locale);
        var invoices = string.Join(", ", InvoiceNumbers);
        var facts = new List<EmailFact> { new("Amount paid", amount, Strong: true), new("Date paid", DateFormat.Day(PaidOn, Locale)), new("Payment method", Method) };
        if (!string.IsNullOrWhiteSpace(Reference))
            facts.Add(new("Payment reference", Reference));
        if (!string.IsNullOrWhiteSpace(ReceiptNumber))
            facts.Add(new("Receipt number", ReceiptNumber));
        if (InvoiceNumbers.Count > 0)
            facts.Add(new(InvoiceNumbers.Count == 1 ? "Invoice" : "Invoices", invoices));
        if (Credited is { Amount: > 0 } credit)
            facts.Add(new("Kept as account credit", MoneyFormat.Amount(credit, Locale)));
        if (InvoiceNumbers.Count > 0)
            facts.Add(new("Still due", MoneyFormat.Amount(StillDue, Locale)));
        return new EmailLayout
        {
            Subject = InvoiceNumbers.Count == 1 ? $"Receipt from {SellerName}: {amount} for invoice {invoices}" : $"Receipt from {SellerName}: {amount}",
            Preview = $"We received {amount} on {DateFormat.Day(PaidOn, Locale)}. Thank you.",
            Brand = SellerName,
            Heading = $"{amount} received",
            Paragraphs = [$"Thank you. This confirms the payment of {CustomerName}." + (HasAttachment ? " The receipt is attached as a PDF." : "")],
            Facts = facts,
            Action = new(InvoiceNumbers.Count == 1 ? "View invoice" : "View payments", ViewLink),
            Closing = SupportEmail is { } support ? [$"Didn't make this payment? Contact {support}."] : [],
            Footer = [$"You received this email because you are the billing contact of {CustomerName} at {SellerName}."],
        }.Render();
    }
}
