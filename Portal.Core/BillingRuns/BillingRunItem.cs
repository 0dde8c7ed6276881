using Portal.Core.Kernel;

namespace Portal.Core.BillingRuns;

/// <summary>One organisation of a run.</summary>
public sealed class BillingRunItem : IOrganisationOwned
{
    private BillingRunItem() { }

    public Guid BillingRunId { get; private set; }

    public Guid OrganisationId { get; private set; }

    public BillingRunItemState State { get; private set; }

    public string? Reason { get; private set; }

    public Guid? InvoiceId { get; private set; }
}
