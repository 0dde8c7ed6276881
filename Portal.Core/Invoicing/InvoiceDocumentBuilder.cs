using System.Globalization;
using Portal.Core.Currencies;
using Portal.Core.Discounts;
using Portal.Core.Pricing;
using Portal.Core.Settings;
using Portal.Core.Tax;

namespace Portal.Core.Invoicing;

/// <summary>What a document needs beside the invoice.</summary>
/// <param name="Seller">As of issue.</param>
/// <param name="Customer">As of issue.</param>
/// <param name="CreditApplied">Account credit that was used at issue.</param>
/// <param name="ProjectNames">Of the projects on the lines.</param>
/// <param name="PayLink">Where it is paid, when it can be paid online.</param>
/// <param name="PaymentInstructions">How to pay otherwise.</param>
public sealed record InvoiceDocumentContext(
    SellerProfile Seller,
    CustomerSnapshot Customer,
    decimal CreditApplied,
    IReadOnlyDictionary<Guid, string> ProjectNames,
    Uri? PayLink,
    string? PaymentInstructions);

/// <summary>Turns a stored invoice into what its document shows: as it was issued, whatever was paid since.</summary>
public static class InvoiceDocumentBuilder
{
    /// <summary>The document of an invoice with its lines and taxes. A draft's is marked as one; only an issued invoice's is kept.</summary>
    public static InvoiceDocument Build(Invoice invoice, InvoiceDocumentContext context)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        ArgumentNullException.ThrowIfNull(context);
        var currency = Currency.Of(invoice.Currency);
        var due = invoice.Total - context.CreditApplied;
        var treatment = invoice.TaxTreatment is null ? null : InvoiceJson.Read<TaxTreatment>(invoice.TaxTreatment);
        var isDraft = invoice.Status == InvoiceStatus.Draft;
        return new InvoiceDocument
        {
            IsDraft = isDraft,
            Title = isDraft ? "Draft invoice" : TitleOf(context.Seller, treatment, invoice.Taxes.Count > 0),
            Number = invoice.Number,
            Seller = Party(context.Seller),
            Customer = Party(context.Customer),
            IssueDate = DateFormat.DayIn(invoice.IssuedAt ?? invoice.CreatedAt, invoice.TimeZone),
            DueDate = due > 0 && invoice.DueAt is { } dueAt ? DateFormat.DayIn(dueAt, invoice.TimeZone) : null,
            PeriodStart = DateFormat.DayIn(invoice.PeriodStart, invoice.TimeZone),
            PeriodEnd = DateFormat.DayIn(invoice.PeriodEnd.AddTicks(-1), invoice.TimeZone),
            PlaceOfSupply = treatment is null
                ? context.Seller.Country == "IN" && context.Customer.Country == "IN" ? IndianStates.Print(context.Customer.StateCode) : null
                : PlaceOf(treatment, context.Customer),
            ReverseCharge = treatment?.IsGst == true || treatment?.Kind == SupplyKind.ReverseCharge ? treatment.Kind == SupplyKind.ReverseCharge
                : treatment is null && context.Seller.Country == "IN" && invoice.Taxes.Count > 0 ? false : null,
            Currency = currency,
            Locale = invoice.Locale,
            Lines = [.. invoice.Lines.OrderBy(line => line.Position).Select(line => Line(line, invoice.Locale, context.ProjectNames))],
            Subtotal = invoice.Subtotal,
            Discount = invoice.Discount,
            Discounts = DiscountsOf(invoice),
            Taxable = invoice.Subtotal - invoice.Discount,
            Taxes = [.. invoice.Taxes.OrderBy(tax => tax.Position).Select(tax => new InvoiceDocumentTax(tax.Name, tax.Rate, tax.Base, tax.Amount))],
            Total = invoice.Total,
            Adjustments = context.CreditApplied > 0 ? [new InvoiceDocumentAdjustment("Account credit", -context.CreditApplied)] : [],
            AmountDue = due,
            AmountInWords = AmountInWords.Of(new Money(invoice.Total, currency), invoice.Locale),
            Notes = treatment?.Note,
            PayLink = due > 0 ? context.PayLink : null,
            PaymentInstructions = due > 0 && !string.IsNullOrWhiteSpace(context.PaymentInstructions) ? context.PaymentInstructions : null,
        };
    }

    // In the order in which they were taken off; told apart only where they are all there is.
    private static List<InvoiceDocumentAdjustment> DiscountsOf(Invoice invoice)
    {
        var applied = invoice.Lines.OrderBy(line => line.Position).SelectMany(line => InvoiceJson.Read<LineExplanation>(line.Explanation).Discounts ?? []).ToList();
        if (applied.Count == 0 || applied.Sum(discount => discount.Amount) != invoice.Discount)
            return [];
        return
        [
            .. applied.GroupBy(discount => discount.Id).OrderBy(group => group.First().IsWholeInvoice).Select(group => new InvoiceDocumentAdjustment(
                group.First().Kind == DiscountKind.Percentage ? $"{group.First().Name}, {MoneyFormat.Percent(group.First().Value, invoice.Locale)}" : group.First().Name,
                -group.Sum(discount => discount.Amount))),
        ];
    }

    // Rule 49 of India's CGST Rules: what is exempt is billed by a bill of supply.
    private static string TitleOf(SellerProfile seller, TaxTreatment? treatment, bool hasTax) => treatment switch
    {
        { IsGst: true, Kind: SupplyKind.Exempt } => "Bill of supply",
        { IsGst: true } => "Tax invoice",
        _ => seller.TaxId is { Length: > 0 } && hasTax ? "Tax invoice" : "Invoice",
    };

    internal static string? PlaceOf(TaxTreatment treatment, CustomerSnapshot customer) => treatment.PlaceOfSupply switch
    {
        null => null,
        IndianStates.OtherCountries => $"{CountryName(customer.Country)}, {IndianStates.Print(IndianStates.OtherCountries)}",
        var state => IndianStates.Print(state),
    };

    private static InvoiceDocumentLine Line(InvoiceLine line, string locale, IReadOnlyDictionary<Guid, string> projectNames)
    {
        var explanation = InvoiceJson.Read<LineExplanation>(line.Explanation);
        // A fee is said by its days. Only of things that are counted, such as terminals, a number says more.
        var isFee = explanation.Recurring is not null || explanation.Commitment is not null;
        return new InvoiceDocumentLine
        {
            Description = line.Description,
            Detail = Detail(line, explanation, locale, projectNames),
            HsnSac = line.HsnSac,
            Quantity = isFee && line.ServicePhaseId is null ? null : line.Quantity,
            Unit = isFee ? null : line.Unit,
            UnitPrice = line.UnitPrice,
            Amount = line.Amount,
            Tiers = Rows(line, explanation, locale),
            Conversion = line is { OriginalAmount: { } original, OriginalCurrency: { } from, ExchangeRate: { } rate, ExchangeRateDay: { } day }
                ? new InvoiceDocumentConversion(original, Currency.Of(from), rate, day, line.ExchangeRateSource)
                : null,
        };
    }

    private static string? Detail(InvoiceLine line, LineExplanation explanation, string locale, IReadOnlyDictionary<Guid, string> projectNames)
    {
        var projects = line.ProjectId is { } project
            ? projectNames.GetValueOrDefault(project)
            : explanation.Projects.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{explanation.Projects.Count} projects") : null;
        string?[] parts =
        [
            projects,
            explanation.Covered is { } covered ? $"{MoneyFormat.Number(covered.Quantity, locale)} more covered by {MoneyFormat.Number(covered.Credits, locale)} prepaid credits" : null,
            Fee(explanation, locale),
            line.Discount > 0 && explanation.Discounts is { } discounts ? $"Discount: {string.Join(", ", discounts.Select(discount => discount.Name).Distinct())}" : null,
        ];
        return parts.All(part => part is null) ? null : string.Join("; ", parts.Where(part => part is not null));
    }

    // What a part is a part of, and what usage fell short of.
    private static string? Fee(LineExplanation explanation, string locale)
    {
        var currency = Currency.Of(explanation.Terms.Currency);
        return explanation switch
        {
            { Recurring: { } days } when days.Span != days.Period =>
                $"{MoneyFormat.Amount(currency.Round(explanation.Rated.Quantity * (explanation.Terms.UnitPrice ?? 0)), currency, locale)} for {DateFormat.Span(days.Period.From, days.Period.To.AddDays(-1), locale)}",
            { Commitment: { } promise } =>
                $"{MoneyFormat.Amount(promise.Committed, currency, locale)} of usage committed, {MoneyFormat.Amount(promise.Spent, currency, locale)} used",
            _ => null,
        };
    }

    // One price for every unit needs no rows; anything else is shown row by row, summing to the line.
    private static List<InvoiceDocumentTier> Rows(InvoiceLine line, LineExplanation explanation, string locale)
    {
        var rated = explanation.Rated;
        if (explanation.Recurring is not null || explanation.Commitment is not null)
            return line.IsTaxInclusive ? [new InvoiceDocumentTier("Including tax", null, null, line.Charge), Contained(line, locale)] : [];
        if (explanation.Terms.Model == PriceModel.Standard && rated.Included == 0 && rated.Bound is null && explanation.BilledBefore is null && !line.IsTaxInclusive)
            return [];
        var rows = new List<InvoiceDocumentTier>();
        if (rated.Included > 0)
            rows.Add(new InvoiceDocumentTier($"{MoneyFormat.Number(rated.Included, locale)} included", rated.Included, 0, 0));
        foreach (var row in rated.Rows)
        {
            // A share's rate and a step's price stand in the words: neither is a price for one.
            var isEach = row.Kind is RatedRowKind.Units or RatedRowKind.Packages or RatedRowKind.Events;
            rows.Add(new InvoiceDocumentTier(Name(row, explanation.Terms, locale), row.Kind == RatedRowKind.Step ? null : row.Units, isEach ? row.Price : null, row.Amount - row.Flat));
            if (row.Flat != 0)
                rows.Add(new InvoiceDocumentTier("Flat fee", null, null, row.Flat));
        }

        var sum = rated.Rows.Sum(row => row.Amount);
        if (rated.Bound is not null)
            rows.Add(new InvoiceDocumentTier(rated.Bound == "minimum" ? "Minimum charge adjustment" : "Maximum charge adjustment", null, null, rated.Amount - sum));
        if (explanation.BilledBefore is { } before)
            rows.Add(new InvoiceDocumentTier("Previously billed", before.Quantity, null, -before.Amount));
        // In the invoice's currency: a line of another currency says so in its conversion.
        if (line is { IsTaxInclusive: true, OriginalAmount: null })
            rows.Add(Contained(line, locale));
        return rows;
    }

    private static InvoiceDocumentTier Contained(InvoiceLine line, string locale) =>
        new($"Tax included in the price, {MoneyFormat.Percent(line.TaxRate ?? 0, locale)}", null, null, -line.TaxAmount);

    private static string Name(RatedRow row, PriceTerms terms, string locale) => (terms.Model, row.UpTo) switch
    {
        (PriceModel.Graduated, { } upTo) when row.From > 0 => $"Next {MoneyFormat.Number(upTo - row.From, locale)}",
        _ => RatedRowText.Describe(row, terms, locale),
    };

    internal static DocumentParty Party(SellerProfile seller) => new()
    {
        LegalName = seller.LegalName,
        AddressLines = Lines(seller.Address),
        State = seller.Country == "IN" ? IndianStates.Print(seller.StateCode) : seller.StateCode,
        Country = CountryName(seller.Country),
        TaxIdLabel = TaxIdLabel(seller.Country),
        TaxId = NullIfEmpty(seller.TaxId),
        Email = NullIfEmpty(seller.Email),
        Phone = NullIfEmpty(seller.Phone),
    };

    internal static DocumentParty Party(CustomerSnapshot customer) => new()
    {
        LegalName = customer.Name,
        AddressLines = Lines(customer.Address),
        State = customer.Country == "IN" ? IndianStates.Print(customer.StateCode) : customer.StateCode,
        Country = CountryName(customer.Country),
        TaxIdLabel = TaxIdLabel(customer.Country),
        TaxId = NullIfEmpty(customer.TaxId),
        Email = NullIfEmpty(customer.BillingEmail),
    };

    private static string[] Lines(string? address) => (address ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string TaxIdLabel(string country) => country == "IN" ? "GSTIN" : "Tax ID";

    private static string CountryName(string code)
    {
        try
        {
            return new RegionInfo(code).EnglishName;
        }
        catch (ArgumentException)
        {
            // A code that the runtime does not know is printed as it is.
            return code;
        }
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
