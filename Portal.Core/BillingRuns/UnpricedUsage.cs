using Portal.Core.Invoicing;
using Portal.Core.Kernel;

namespace Portal.Core.BillingRuns;

/// <summary>Usage of a run's month that no price covers: listed, never billed at zero in silence.</summary>
public sealed class UnpricedUsage : IOrganisationOwned
{
    private UnpricedUsage() { }

    public Guid BillingRunId { get; private set; }

    public Guid OrganisationId { get; private set; }

    public string MetricName { get; private set; } = "";

    public string Unit { get; private set; } = "";

    public int UsageYear { get; private set; }

    public int UsageMonth { get; private set; }

    public decimal Quantity { get; private set; }

    public long EventCount { get; private set; }

    /// <summary>A row for the list of a run.</summary>
    public static UnpricedUsage Of(Guid billingRunId, Guid organisationId, MeteredUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return new UnpricedUsage
        {
            BillingRunId = billingRunId,
            OrganisationId = organisationId,
            MetricName = usage.MetricName,
            Unit = usage.Unit,
            UsageYear = usage.Month.Year,
            UsageMonth = usage.Month.Month,
            Quantity = usage.Quantity,
            EventCount = usage.EventCount,
        };
    }
}
