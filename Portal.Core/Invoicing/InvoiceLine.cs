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

    /// <summary>Rounded once, to the currency's minor unit.</summary>
    public decimal Amount { get; private set; }

    /// <summary>Before rounding.</summary>
    public decimal UnroundedAmount { get; private set; }

    public string? HsnSac { get; private set; }

    /// <summary>The price that rated it.</summary>
    public Guid PriceId { get; private set; }

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
        UnroundedAmount = line.UnroundedAmount,
        HsnSac = line.HsnSac,
        PriceId = line.PriceId,
        Explanation = InvoiceJson.Write(line.Explanation),
    };
}
