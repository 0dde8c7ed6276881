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
}

/// <summary>One component of tax on an invoice.</summary>
public sealed class InvoiceTax : IOrganisationOwned
{
    private InvoiceTax() { }

    public Guid InvoiceId { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>From 1.</summary>
    public int Position { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>Per cent.</summary>
    public decimal Rate { get; private set; }

    public decimal Base { get; private set; }

    /// <summary>Rounded once per component.</summary>
    public decimal Amount { get; private set; }
}

/// <summary>The document of an issued invoice: made once, the same bytes for ever.</summary>
public sealed class InvoiceFile : IOrganisationOwned
{
    private InvoiceFile() { }

    public Guid InvoiceId { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>PDF.</summary>
    public byte[] Content { get; private set; } = [];

    /// <summary>SHA-256 of the content.</summary>
    public byte[] Sha256 { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }
}

/// <summary>The last number given in a series and financial year; the row is locked by the transaction that issues.</summary>
public sealed class NumberSeries
{
    private NumberSeries() { }

    /// <summary>E.g. <c>INV</c>.</summary>
    public string Series { get; private set; } = "";

    /// <summary>E.g. <c>26-27</c>.</summary>
    public string FinancialYear { get; private set; } = "";

    public long LastNumber { get; private set; }
}
