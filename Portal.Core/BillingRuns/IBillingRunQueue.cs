using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.BillingRuns;

/// <summary>A node's hold on a run.</summary>
public sealed record RunLease(Guid RunId, Guid Token, BillingMonth Month, Guid? OrganisationId, bool AutoIssue, bool Remake, bool IsPlanned, int Attempts, bool LateOnly = false);

/// <summary>What became of an organisation.</summary>
/// <param name="OrganisationId">Whose.</param>
/// <param name="State">Done, skipped or failed.</param>
/// <param name="Reason">Why it was skipped or failed.</param>
/// <param name="InvoiceId">The invoice that was made or found.</param>
public sealed record RunItemOutcome(Guid OrganisationId, BillingRunItemState State, string? Reason = null, Guid? InvoiceId = null);

/// <summary>What a chunk adds to its run.</summary>
/// <param name="Items">The organisations that are through.</param>
/// <param name="Unpriced">Combinations listed as unpriced.</param>
/// <param name="Issued">Invoices issued since the last time.</param>
public sealed record RunProgress(IReadOnlyList<RunItemOutcome> Items, int Unpriced, int Issued);

/// <summary>The lease of a run is somebody else's by now, or the run has ended: what was done in this session must not be committed.</summary>
public sealed class LeaseLostException : Exception
{
    public LeaseLostException() { }

    public LeaseLostException(string message) : base(message) { }

    public LeaseLostException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>Runs as work that nodes claim: each method is a statement or two within the session's transaction.</summary>
public interface IBillingRunQueue
{
    /// <summary>Claims the oldest run that waits or whose lease has ended; null when there is none.</summary>
    Task<RunLease?> ClaimAsync(IBillingDb db, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken);

    /// <summary>True when a run could be claimed.</summary>
    Task<bool> IsWaitingAsync(IBillingDb db, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Writes down the organisations that have usage between the months; they are what is left to do.</summary>
    /// <exception cref="LeaseLostException">The lease is not ours.</exception>
    Task PlanAsync(IBillingDb db, RunLease lease, BillingMonth firstMonth, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The next organisations that are still to do, in order of id.</summary>
    Task<IReadOnlyList<Guid>> PendingAsync(IBillingDb db, RunLease lease, Guid? after, int take, CancellationToken cancellationToken);

    /// <summary>Writes what a chunk did and puts the end of the lease off. The last statement of a chunk's transaction: it fences off who lost the lease.</summary>
    /// <exception cref="LeaseLostException">The lease is not ours.</exception>
    Task RecordAsync(IBillingDb db, RunLease lease, RunProgress progress, DateTimeOffset leaseUntil, CancellationToken cancellationToken);

    /// <summary>Ends the run.</summary>
    /// <exception cref="LeaseLostException">The lease is not ours.</exception>
    Task FinishAsync(IBillingDb db, RunLease lease, BillingRunState state, string? error, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives the lease back, so that another node need not wait for its end.</summary>
    Task ReleaseAsync(IBillingDb db, RunLease lease, DateTimeOffset now, CancellationToken cancellationToken);
}
