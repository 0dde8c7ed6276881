using Portal.Core.Currencies;

namespace Portal.Core.Emails;

/// <summary>Tells a customer that an invoice was issued; the invoice goes with it as a PDF.</summary>
public sealed record InvoiceIssuedEmail
{
    public required string SellerName { get; init; }

    public required string CustomerName { get; init; }

    public required string Number { get; init; }

    public required DateOnly IssueDate { get; init; }

    public DateOnly? DueDate { get; init; }

    /// <summary>First and last day of the period that is billed.</summary>
    public (DateOnly First, DateOnly Last)? Period { get; init; }

    public required Money Total { get; init; }

    /// <summary>What is left to pay; zero when account credit has paid it.</summary>
    public required Money AmountDue { get; init; }

    public required string Locale { get; init; }

    /// <summary>Where it is paid; null where paying online is off.</summary>
    public Uri? PayLink { get; init; }

    /// <summary>Where it can be read, after signing in.</summary>
    public required Uri ViewLink { get; init; }

    /// <summary>Whom to ask; null leaves the sentence out.</summary>
    public string? SupportEmail { get; init; }

    public EmailContent Compose()
    {
        var due = MoneyFormat.Amount(AmountDue, Locale);
        var isOpen = AmountDue.Amount > 0;
        var until = DueDate is { } day ? $" due {DateFormat.Day(day, Locale)}" : " due";
        var facts = new List<EmailFact> { new("Invoice number", Number), new("Date of issue", DateFormat.Day(IssueDate, Locale)) };
        if (Period is var (first, last))
            facts.Add(new("Billing period", DateFormat.Span(first, last, Locale)));
        if (Total != AmountDue)
            facts.Add(new("Total", MoneyFormat.Amount(Total, Locale)));
        if (isOpen && DueDate is { } dueDay)
            facts.Add(new("Date due", DateFormat.Day(dueDay, Locale)));
        facts.Add(new("Amount due", due, Strong: true));
        return new EmailLayout
        {
            Subject = isOpen ? $"Invoice {Number} from {SellerName}: {due}{until}" : $"Invoice {Number} from {SellerName}: nothing to pay",
            Preview = isOpen ? $"{due}{until}. The invoice is attached as a PDF." : "Nothing to pay. The invoice is attached as a PDF.",
            Brand = SellerName,
            Heading = isOpen ? $"{due}{until}" : "Your invoice is paid",
            Paragraphs = [$"This is invoice {Number} for {CustomerName}. It is attached as a PDF."],
            Facts = facts,
            Action = isOpen && PayLink is not null ? new($"Pay {due}", PayLink) : new("View invoice", ViewLink),
            Closing = SupportEmail is { } support ? [$"Something not right? Contact {support} and quote the invoice number."] : [],
            Footer = [$"You received this email because you are the billing contact of {CustomerName} at {SellerName}."],
        }.Render();
    }
}
