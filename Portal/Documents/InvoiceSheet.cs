using Portal.Core.Invoicing;

namespace Portal.Documents;

/// <summary>An invoice, ready to print.</summary>
internal sealed record InvoiceSheet : Sheet
{
    public required SheetPay? Pay { get; init; }

    public required InvoiceSheetColumns Columns { get; init; }

    public required IReadOnlyList<InvoiceSheetLine> Lines { get; init; }

    public required IReadOnlyList<InvoiceSheetTax> Taxes { get; init; }

    public required SheetRow TaxTotal { get; init; }

    public required IReadOnlyList<string> Instructions { get; init; }

    public static InvoiceSheet Of(InvoiceDocument document)
    {
        var write = new SheetWriter(document.Currency, document.Locale);
        var title = PrintText.Line(document.Title);
        var running = document.Number is null ? title : $"{title} {document.Number}";
        return new InvoiceSheet
        {
            Title = title,
            DocumentTitle = $"{running}, {document.Seller.LegalName}",
            Running = running,
            Draft = document.IsDraft,
            Logo = document.Seller.Logo is not null,
            Date = SheetDate.Of(document.IssueDate),
            Seller = SheetParty.Of(document.Seller),
            Customer = SheetParty.Of(document.Customer),
            Facts = [.. FactsOf(document, write)],
            Headline = HeadlineOf(document, write),
            Pay = document is { IsDraft: false, PayLink: { } link } ? QrCode.Of(link) : null,
            Columns = new(
                document.Lines.Any(line => line.HsnSac is not null),
                document.Lines.Any(line => line.Quantity is not null || line.Tiers.Any(tier => tier.Quantity is not null)),
                document.Lines.Any(line => line.UnitPrice is not null || line.Tiers.Any(tier => tier.UnitPrice is not null))),
            Lines = [.. document.Lines.Select(line => LineOf(line, write))],
            Totals = [.. TotalsOf(document, write)],
            Taxes = [.. document.Taxes.Select(tax => new InvoiceSheetTax(PrintText.Line(tax.Name), write.Percent(tax.Rate), write.Money(tax.Base), write.Money(tax.Amount)))],
            TaxTotal = new("Total tax", write.Money(document.Taxes.Sum(tax => tax.Amount))),
            WordsLabel = "Total in words",
            Words = PrintText.OptionalLine(document.AmountInWords),
            Notes = PrintText.Lines(document.Notes),
            Instructions = document.IsDraft ? [] : PrintText.Lines(document.PaymentInstructions),
            Footer = FooterOf(document.Footer, running),
        };
    }

    private static IEnumerable<SheetRow> FactsOf(InvoiceDocument document, SheetWriter write)
    {
        if (document.Number is { } number)
            yield return new(PrintText.Line(document.NumberLabel), number, Strong: true);
        yield return new(document.IsDraft ? "Draft date" : "Date of issue", write.Day(document.IssueDate));
        if (document.DueDate is { } due)
            yield return new("Date due", write.Day(due));
        if (document is { PeriodStart: { } first, PeriodEnd: { } last })
            yield return new("Billing period", write.Span(first, last));
        if (PrintText.OptionalLine(document.PlaceOfSupply) is { } place)
            yield return new("Place of supply", place);
        if (document.ReverseCharge is { } reverse)
            yield return new("Reverse charge", reverse ? "Yes: the recipient pays the tax" : "No");
    }

    private static string HeadlineOf(InvoiceDocument document, SheetWriter write)
    {
        var due = write.Money(document.AmountDue);
        return document switch
        {
            { IsDraft: true } => $"{write.Money(document.Total)}, not yet invoiced",
            { AmountDue: 0, AmountPaid: > 0 } => $"{write.Money(document.AmountPaid)} paid",
            { AmountDue: 0 } => "Nothing to pay",
            { DueDate: { } day } => $"{due} due {write.Day(day)}",
            _ => $"{due} due",
        };
    }

    private static IEnumerable<SheetRow> TotalsOf(InvoiceDocument document, SheetWriter write)
    {
        yield return new("Subtotal", write.Money(document.Subtotal));
        foreach (var discount in document.Discounts)
            yield return new(PrintText.Line(discount.Label), write.Money(discount.Amount));
        if (document.Discount != 0 && document.Discounts.Count == 0)
            yield return new("Discount", write.Money(-document.Discount));
        if (document.Taxes.Count > 0 && document.Taxable != document.Subtotal)
            yield return new("Taxable amount", write.Money(document.Taxable));
        foreach (var tax in document.Taxes)
            yield return new($"{PrintText.Line(tax.Name)} {write.Percent(tax.Rate)}", write.Money(tax.Amount));
        yield return new("Total", write.Money(document.Total), Strong: true);
        foreach (var adjustment in document.Adjustments)
            yield return new(PrintText.Line(adjustment.Label), write.Money(adjustment.Amount));
        if (document.AmountPaid != 0)
            yield return new("Amount paid", write.Money(-document.AmountPaid));
        if (!document.IsDraft)
            yield return new("Amount due", write.Money(document.AmountDue), Strong: true);
    }

    private static InvoiceSheetLine LineOf(InvoiceDocumentLine line, SheetWriter write)
    {
        var details = PrintText.Lines(line.Detail).ToList();
        if (line.Conversion is { } from)
        {
            var source = from.Source is { } name ? $", {PrintText.Line(name)}" : "";
            details.Add($"{write.Money(from.Amount, from.Currency)} at {write.Number(from.Rate)} on {write.Day(from.RateDate)}{source}");
        }
        // A long unit would widen its column at the cost of the description.
        var unit = line.Quantity is null ? null : PrintText.OptionalLine(line.Unit);
        if (unit is { Length: > 16 })
        {
            details.Add($"Unit: {unit}");
            unit = null;
        }
        // A line that was priced in another currency shows that currency's price.
        string? Price(decimal? price) => price is { } value ? line.Conversion is { } other ? write.Money(value, other.Currency) : write.Price(value) : null;
        string Sum(decimal sum) => line.Conversion is { } other ? write.Money(sum, other.Currency) : write.Price(sum);
        return new(
            PrintText.Line(line.Description),
            details,
            PrintText.OptionalLine(line.HsnSac),
            line.Quantity is { } quantity ? write.Number(quantity) : null,
            unit,
            Price(line.UnitPrice),
            write.Money(line.Amount),
            [.. line.Tiers.Select(tier => new InvoiceSheetTier(
                PrintText.Line(tier.Description), tier.Quantity is { } units ? write.Number(units) : null, Price(tier.UnitPrice), Sum(tier.Amount)))]);
    }
}

/// <summary>Which columns there is something to show in.</summary>
internal sealed record InvoiceSheetColumns(bool Hsn, bool Quantity, bool UnitPrice);

internal sealed record InvoiceSheetLine(
    string Description, IReadOnlyList<string> Details, string? Hsn, string? Quantity, string? Unit, string? UnitPrice, string Amount, IReadOnlyList<InvoiceSheetTier> Tiers);

internal sealed record InvoiceSheetTier(string Description, string? Quantity, string? UnitPrice, string Amount);

internal sealed record InvoiceSheetTax(string Name, string Rate, string Base, string Amount);
