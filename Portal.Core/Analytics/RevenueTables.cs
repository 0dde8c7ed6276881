using Portal.Core.Metering;

namespace Portal.Core.Analytics;

/// <summary>
/// Revenue of a month: lines of invoices issued in it, after discounts and before tax, by where they come from; invoices voided in it and credits for late
/// usage are taken off. By the seller's calendar. Kept by a job.
/// </summary>
public sealed class RevenueCell
{
    private RevenueCell() { }

    /// <summary>As <see cref="BillingMonth.Index"/>.</summary>
    public int Month { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    /// <summary>ISO 3166-1 alpha-2 of the customer, as the invoice has it.</summary>
    public string Country { get; private set; } = "";

    /// <summary>Empty for fees and commitments.</summary>
    public string MetricName { get; private set; } = "";

    /// <summary>Of the metric; for fees their kind.</summary>
    public string Unit { get; private set; } = "";

    /// <summary>The plan whose fee, commitment or price it is; empty for none.</summary>
    public Guid PlanId { get; private set; }

    public decimal Amount { get; private set; }

    /// <summary>Lines that were charged.</summary>
    public int Lines { get; private set; }
}

/// <summary>What an organisation was charged in a month: what cohorts are made of. Kept by a job.</summary>
public sealed class OrganisationRevenue
{
    private OrganisationRevenue() { }

    public Guid OrganisationId { get; private set; }

    /// <summary>As <see cref="BillingMonth.Index"/>.</summary>
    public int Month { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    public decimal Amount { get; private set; }
}

/// <summary>Organisations by the month of their first invoice, and what became of them. Kept by a job.</summary>
public sealed class CohortCell
{
    private CohortCell() { }

    /// <summary>The month of the first invoice, as <see cref="BillingMonth.Index"/>.</summary>
    public int Cohort { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    /// <summary>Months since; 0 is the first.</summary>
    public int Since { get; private set; }

    /// <summary>Organisations of the cohort that were charged in that month.</summary>
    public int Retained { get; private set; }

    public decimal Revenue { get; private set; }
}

/// <summary>When a table was last kept.</summary>
public sealed class AnalyticsMark
{
    private AnalyticsMark() { }

    public string Name { get; private set; } = "";

    public DateTimeOffset KeptAt { get; private set; }
}
