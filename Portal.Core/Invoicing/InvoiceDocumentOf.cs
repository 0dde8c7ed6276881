using System.Globalization;
using Portal.Core.Currencies;
using Portal.Core.Pricing;
using Portal.Core.Settings;

namespace Portal.Core.Invoicing;

/// <summary>What a document is made of.</summary>
/// <param name="Invoice">With its lines and taxes.</param>
/// <param name="Seller">As of issue, or as it is now for a draft.</param>
/// <param name="Customer">As of issue, or as it is now for a draft.</param>
/// <param name="CreditApplied">Account credit that went into it; a part of what is paid.</param>
/// <param name="PaymentInstructions">How to pay by bank.</param>
/// <param name="PayLink">Where it is paid online, when it can be.</param>
public sealed record InvoiceDocumentFacts(Invoice Invoice, SellerProfile Seller, CustomerSnapshot Customer, decimal CreditApplied, string? PaymentInstructions, Uri? PayLink = null);

/// <summary>Writes an invoice as the plain values that a document shows. Pure: the screen and the PDF are this code.</summary>
public static class InvoiceDocumentOf
{
    public static InvoiceDocument Facts(InvoiceDocumentFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var invoice = facts.Invoice;
        var currency = Currency.Of(invoice.Currency);
        var isDraft = invoice.Status == InvoiceStatus.Draft;
        return new InvoiceDocument
        {
            Title = isDraft ? "Draft invoice" : invoice.Taxes.Count > 0 ? "Tax invoice" : "Invoice",
            IsDraft = isDraft,
            Number = invoice.Number,
            Seller = Party(facts.Seller.LegalName, facts.Seller.Address, facts.Seller.Country, facts.Seller.StateCode, facts.Seller.TaxId) with { Email = facts.Seller.Email, Phone = facts.Seller.Phone },
            Customer = Party(facts.Customer.Name, facts.Customer.Address, facts.Customer.Country, facts.Customer.StateCode, facts.Customer.TaxId) with { Email = facts.Customer.BillingEmail },
            IssueDate = DateFormat.DayIn(invoice.IssuedAt ?? invoice.CreatedAt, invoice.TimeZone),
            DueDate = invoice.DueAt is { } due ? DateFormat.DayIn(due, invoice.TimeZone) : null,
            PeriodStart = DateFormat.DayIn(invoice.PeriodStart, invoice.TimeZone),
            PeriodEnd = DateFormat.DayIn(invoice.PeriodEnd.AddTicks(-1), invoice.TimeZone),
            Currency = currency,
            Locale = invoice.Locale,
            Lines = [.. invoice.Lines.OrderBy(line => line.Position).Select(line => Line(line, invoice.Locale))],
            Subtotal = invoice.Subtotal,
            Discount = invoice.Discount,
            Taxable = invoice.Subtotal - invoice.Discount,
            Taxes = [.. invoice.Taxes.OrderBy(tax => tax.Position).Select(tax => new InvoiceDocumentTax(tax.Name, tax.Rate, tax.Base, tax.Amount))],
            Total = invoice.Total,
            Adjustments = facts.CreditApplied > 0 ? [new InvoiceDocumentAdjustment("Account credit applied", -facts.CreditApplied)] : [],
            AmountPaid = invoice.AmountPaid - facts.CreditApplied,
            AmountDue = invoice.AmountDue,
            AmountInWords = AmountInWords.Of(new Money(invoice.Total, currency), invoice.Locale),
            PayLink = facts.PayLink,
            PaymentInstructions = string.IsNullOrWhiteSpace(facts.PaymentInstructions) ? null : facts.PaymentInstructions,
        };
    }

    private static InvoiceDocumentLine Line(InvoiceLine line, string locale)
    {
        var explanation = InvoiceJson.Read<LineExplanation>(line.Explanation);
        return new InvoiceDocumentLine
        {
            Description = line.Description,
            HsnSac = line.HsnSac,
            Quantity = line.Quantity,
            Unit = line.Unit,
            UnitPrice = line.UnitPrice,
            Amount = line.Amount,
            Tiers = [.. Tiers(line, explanation, locale)],
        };
    }

    // Only where one price does not say how the amount came about.
    private static IEnumerable<InvoiceDocumentTier> Tiers(InvoiceLine line, LineExplanation explanation, string locale)
    {
        var rated = explanation.Rated;
        if (explanation.Terms.Model == PriceModel.Standard && rated is { Included: 0, Bound: null } && explanation.BilledBefore is null)
            yield break;
        if (rated.Included > 0)
            yield return new InvoiceDocumentTier("Included", rated.Included, 0, 0);
        foreach (var row in rated.Rows)
        {
            yield return new InvoiceDocumentTier(Range(row, locale), row.Units, row.Price, row.Units * row.Price);
            if (row.Flat != 0)
                yield return new InvoiceDocumentTier("Flat fee", null, null, row.Flat);
        }

        if (rated.Bound is { } bound)
            yield return new InvoiceDocumentTier(bound == "minimum" ? "Raised to the minimum" : "Held to the maximum", null, null, rated.Amount - rated.Rows.Sum(row => row.Amount));
        if (explanation.BilledBefore is { } before)
            yield return new InvoiceDocumentTier("Billed before", -before.Quantity, null, -before.Amount);
    }

    private static string Range(RatedRow row, string locale) => row switch
    {
        { From: 0, UpTo: null } => "All units",
        { From: 0, UpTo: { } upTo } => $"First {MoneyFormat.Number(upTo, locale)}",
        { UpTo: null } => $"Above {MoneyFormat.Number(row.From, locale)}",
        { UpTo: { } upTo } => $"Above {MoneyFormat.Number(row.From, locale)} up to {MoneyFormat.Number(upTo, locale)}",
    };

    private static DocumentParty Party(string name, string? address, string country, string? stateCode, string? taxId) => new()
    {
        LegalName = name,
        AddressLines = (address ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        State = stateCode is null ? null : $"State code {stateCode}",
        Country = CountryName(country),
        TaxIdLabel = taxId is null ? null : country == "IN" ? "GSTIN" : "Tax ID",
        TaxId = taxId,
    };

    private static string CountryName(string code)
    {
        try
        {
            return new RegionInfo(code).EnglishName;
        }
        catch (ArgumentException)
        {
            return code; // Not a country that this machine has a name for.
        }
    }
}
