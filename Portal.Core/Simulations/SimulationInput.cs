using Portal.Core.Discounts;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Core.Tax;

namespace Portal.Core.Simulations;

/// <summary>All that some organisations' months are replayed from.</summary>
/// <param name="Organisations">Those that exist.</param>
/// <param name="Usage">Of the months, by organisation: as it would be rated, without what prepaid credits covered.</param>
/// <param name="Prices">In force on the day in question, of the metrics that were used.</param>
/// <param name="Phases">The phase of a subscription in force on the day, by organisation; without an entry it has none.</param>
/// <param name="Services">Active services, by organisation.</param>
/// <param name="Discounts">In force in the day's month, by organisation, in the order of giving.</param>
/// <param name="Tax">The tables of tax and exchange rates.</param>
public sealed record SimulationInput(
    IReadOnlyList<Organisation> Organisations,
    ILookup<Guid, MeteredUsage> Usage,
    IReadOnlyList<Price> Prices,
    IReadOnlyDictionary<Guid, SubscriptionPhase> Phases,
    ILookup<Guid, Service> Services,
    ILookup<Guid, DiscountTerms> Discounts,
    TaxTables Tax);

/// <summary>Reads what months are replayed from, for many organisations in a handful of queries.</summary>
public interface ISimulationInputs
{
    /// <summary>The input of those organisations that exist. Makes the session one for reading: nothing can be written in it afterwards.</summary>
    Task<SimulationInput> LoadAsync(IBillingDb db, IReadOnlyList<Guid> organisationIds, SimulationSpan span, DateTimeOffset knownAt, CancellationToken cancellationToken);
}

/// <summary>A node's hold on a simulation.</summary>
public sealed record SimulationLease(Guid Id, Guid Token, SimulationSpan Span, Guid? OrganisationId, SimulationDraft Draft, decimal CliffPercent, DateTimeOffset CreatedAt, bool IsPlanned, int Attempts);

/// <summary>What became of an organisation.</summary>
/// <param name="OrganisationId">Whose.</param>
/// <param name="Replayed">Null: it could not be replayed.</param>
/// <param name="Reason">Why not.</param>
public sealed record SimulationOutcome(Guid OrganisationId, ReplayedOrganisation? Replayed, string? Reason = null);

/// <summary>Simulations as work that nodes claim: each method is a statement or two within the session's transaction.</summary>
public interface ISimulationQueue
{
    /// <summary>Claims the oldest that waits or whose lease has ended; null when there is none.</summary>
    Task<SimulationLease?> ClaimAsync(IBillingDb db, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken);

    /// <summary>True when one could be claimed.</summary>
    Task<bool> IsWaitingAsync(IBillingDb db, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Writes down the organisations that used something in the months, or pay a fee; they are what is left to do.</summary>
    /// <exception cref="BillingRuns.LeaseLostException">The lease is not ours, or it was called off.</exception>
    Task PlanAsync(IBillingDb db, SimulationLease lease, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The next organisations that are still to do, in order of id.</summary>
    Task<IReadOnlyList<Guid>> PendingAsync(IBillingDb db, SimulationLease lease, int take, CancellationToken cancellationToken);

    /// <summary>Writes the results and puts the end of the lease off.</summary>
    /// <exception cref="BillingRuns.LeaseLostException">The lease is not ours, or it was called off.</exception>
    Task RecordAsync(IBillingDb db, SimulationLease lease, IReadOnlyList<SimulationOutcome> outcomes, DateTimeOffset leaseUntil, CancellationToken cancellationToken);

    /// <summary>Ends it.</summary>
    /// <exception cref="BillingRuns.LeaseLostException">The lease is not ours, or it was called off.</exception>
    Task FinishAsync(IBillingDb db, SimulationLease lease, SimulationState state, string? error, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives the lease back, so that another node need not wait for its end.</summary>
    Task ReleaseAsync(IBillingDb db, SimulationLease lease, CancellationToken cancellationToken);
}
