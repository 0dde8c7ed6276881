using Portal.Core.Invoicing;

namespace Portal.Documents;

/// <summary>A receipt, ready to print.</summary>
internal sealed record ReceiptSheet : Sheet
{
    public required ReceiptSheetColumns Columns { get; init; }

    public required IReadOnlyList<ReceiptSheetAllocation> Allocations { get; init; }

    public static ReceiptSheet Of(ReceiptDocument document)
    {
        var write = new SheetWriter(document.Currency, document.Locale);
        var title = PrintText.Line(document.Title);
        var running = $"{title} {document.Number}";
        var facts = new List<SheetRow>
        {
            new("Receipt number", document.Number, Strong: true),
            new("Date paid", write.Day(document.PaidOn)),
            new("Payment method", PrintText.Line(document.Method)),
        };
        if (PrintText.OptionalLine(document.Reference) is { } reference)
            facts.Add(new("Payment reference", reference));
        var totals = new List<SheetRow>();
        if (document.Unallocated != 0)
            totals.Add(new("Kept as account credit", write.Money(document.Unallocated)));
        totals.Add(new("Amount received", write.Money(document.Amount), Strong: true));
        return new ReceiptSheet
        {
            Title = title,
            DocumentTitle = $"{running}, {document.Seller.LegalName}",
            Running = running,
            Draft = false,
            Logo = document.Seller.Logo is not null,
            Date = SheetDate.Of(document.PaidOn),
            Seller = SheetParty.Of(document.Seller),
            Customer = SheetParty.Of(document.Customer),
            Facts = facts,
            Headline = $"{write.Money(document.Amount)} paid on {write.Day(document.PaidOn)}",
            Columns = new(document.Allocations.Any(allocation => allocation.TaxDeducted != 0)),
            Allocations = [.. document.Allocations.Select(allocation => new ReceiptSheetAllocation(
                PrintText.Line(allocation.InvoiceNumber), write.Day(allocation.InvoiceDate), write.Money(allocation.InvoiceTotal), write.Money(allocation.Amount),
                write.Money(allocation.TaxDeducted), write.Money(allocation.StillDue)))],
            Totals = totals,
            WordsLabel = "Amount in words",
            Words = PrintText.OptionalLine(document.AmountInWords),
            Notes = PrintText.Lines(document.Notes),
            Footer = FooterOf(document.Footer, running),
        };
    }
}

internal sealed record ReceiptSheetColumns(bool TaxDeducted);

internal sealed record ReceiptSheetAllocation(string Number, string Date, string Total, string Amount, string TaxDeducted, string Due);
