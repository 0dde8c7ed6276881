using Portal.Core.Kernel;

namespace Portal.Core.Invoicing;

/// <summary>One charge on an invoice, with what explains it.</summary>
public sealed class InvoiceLine : IOrganisationOwned
{
    private InvoiceLine() { }

    public Guid Id { get; private set; }

    public Guid InvoiceId { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>From 1.</summary>
    public int Position { get; private set; }

    public InvoiceLineKind Kind { get; private set; }

    public string Description { get; private set; } = "";

    public string MetricName { get; private set; } = "";

    public string Unit { get; private set; } = "";

    /// <summary>The project, when the usage is of one project only.</summary>
    public Guid? ProjectId { get; private set; }

    /// <summary>The month the usage belongs to.</summary>
    public int UsageYear { get; private set; }

    /// <summary>The month the usage belongs to.</summary>
    public int UsageMonth { get; private set; }

    /// <summary>Events counted; for late usage those that came after.</summary>
    public long EventCount { get; private set; }

    /// <summary>Units charged; for late usage the difference to what was billed before.</summary>
    public decimal Quantity { get; private set; }

    /// <summary>Per unit, for the standard model; null where tiers decide.</summary>
    public decimal? UnitPrice { get; private set; }

    /// <summary>Without tax and before discounts, rounded once, to the currency's minor unit.</summary>
    public decimal Amount { get; private set; }

    /// <summary>What was charged in the invoice's currency: with the tax where prices contain it, else the same as <see cref="Amount"/>.</summary>
    public decimal Charge { get; private set; }

    /// <summary>Taken off <see cref="Charge"/> before tax; which discounts did is in <see cref="Explanation"/>. The lines' sum is the invoice's.</summary>
    public decimal Discount { get; private set; }

    /// <summary>In the price's currency, where that is another one.</summary>
    public decimal? OriginalAmount { get; private set; }

    /// <summary>ISO 4217; with <see cref="OriginalAmount"/>.</summary>
    public string? OriginalCurrency { get; private set; }

    /// <summary>1 of the original currency is so much of the invoice's.</summary>
    public decimal? ExchangeRate { get; private set; }

    /// <summary>The day whose rate it is.</summary>
    public DateOnly? ExchangeRateDay { get; private set; }

    /// <summary>Who gave the rate.</summary>
    public string? ExchangeRateSource { get; private set; }

    /// <summary>Per cent of tax in all; null where none was charged.</summary>
    public decimal? TaxRate { get; private set; }

    /// <summary>Its share of the invoice's tax; the shares sum to it exactly.</summary>
    public decimal TaxAmount { get; private set; }

    /// <summary>True: <see cref="Charge"/> contained the tax.</summary>
    public bool IsTaxInclusive { get; private set; }

    /// <summary>Before rounding.</summary>
    public decimal UnroundedAmount { get; private set; }

    public string? HsnSac { get; private set; }

    /// <summary>The price that rated it; null for what comes again and again.</summary>
    public Guid? PriceId { get; private set; }

    /// <summary>Of which phase of a subscription it is the fee.</summary>
    public Guid? SubscriptionPhaseId { get; private set; }

    /// <summary>Of which phase of a service it is the fee.</summary>
    public Guid? ServicePhaseId { get; private set; }

    /// <summary>For what comes again and again: the charge that is not invoiced twice.</summary>
    public string? ChargeKey { get; private set; }

    /// <summary>The days that a recurring fee is for: the first.</summary>
    public DateOnly? ServiceFrom { get; private set; }

    /// <summary>The days that a recurring fee is for: the first day after.</summary>
    public DateOnly? ServiceTo { get; private set; }

    /// <summary>JSON of <see cref="LineExplanation"/>: the terms and the rows with the numbers filled in.</summary>
    public string Explanation { get; private set; } = "{}";

    internal static InvoiceLine Of(Invoice invoice, int position, DraftLine line, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        InvoiceId = invoice.Id,
        OrganisationId = invoice.OrganisationId,
        Position = position,
        Kind = line.Kind,
        Description = line.Description,
        MetricName = line.MetricName,
        Unit = line.Unit,
        ProjectId = line.ProjectId,
        UsageYear = line.UsageMonth.Year,
        UsageMonth = line.UsageMonth.Month,
        EventCount = line.EventCount,
        Quantity = line.Quantity,
        UnitPrice = line.UnitPrice,
        Amount = line.Amount,
        Charge = line.Charge,
        Discount = line.Discount,
        OriginalAmount = line.Conversion?.Original,
        OriginalCurrency = line.Conversion?.Currency,
        ExchangeRate = line.Conversion?.Rate,
        ExchangeRateDay = line.Conversion?.Day,
        ExchangeRateSource = line.Conversion?.Source,
        TaxRate = line.TaxRate,
        TaxAmount = line.TaxAmount,
        IsTaxInclusive = line.IsTaxInclusive,
        UnroundedAmount = line.UnroundedAmount,
        HsnSac = line.HsnSac,
        PriceId = line.PriceId,
        SubscriptionPhaseId = line.SubscriptionPhaseId,
        ServicePhaseId = line.ServicePhaseId,
        ChargeKey = line.ChargeKey,
        ServiceFrom = line.Span?.From,
        ServiceTo = line.Span?.To,
        Explanation = InvoiceJson.Write(line.Explanation),
    };
}
