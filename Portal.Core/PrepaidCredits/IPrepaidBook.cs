using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;

namespace Portal.Core.PrepaidCredits;

/// <summary>
/// Moves prepaid credits within a session of staff or the system. What moves the wallet of an organisation waits for its lock; ask for it after the
/// locks of organisation and invoices, and before account credit.
/// </summary>
public interface IPrepaidBook
{
    /// <summary>Grants credits; returns the grant, or null when its source has been granted already.</summary>
    Task<PrepaidGrant?> GrantAsync(IBillingDb db, NewPrepaidGrant grant, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Takes credits for usage, soonest expiry first; returns what was taken, less than was asked for where there is less. Only a test of the book asks for
    /// this by itself: usage goes through <see cref="CoverAsync"/>.
    /// </summary>
    Task<decimal> TakeAsync(IBillingDb db, Guid organisationId, PrepaidUse use, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Brings an organisation's prepaid credits up to date: covers the usage of its months that no invoice holds yet, gives back what was corrected away, and
    /// lets expire what is over. Locks the organisation as a billing run does, then its wallet.
    /// </summary>
    /// <param name="db">The session; system.</param>
    /// <param name="organisation">Whose; its calendar decides which grants are in time for a month.</param>
    /// <param name="months">The months to cover, oldest first; those with an invoice that counts are left out.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Stops waiting for locks.</param>
    Task<PrepaidProgress> CoverAsync(IBillingDb db, Organisation organisation, IReadOnlyList<BillingMonth> months, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Those of the organisations that have prepaid credits, or had usage of the months covered; in order of their ids.</summary>
    Task<IReadOnlyList<Organisation>> WithCreditsAsync(IBillingDb db, IReadOnlyCollection<Guid>? organisationIds, BillingMonth since, CancellationToken cancellationToken);
}

/// <summary>What credits are taken for.</summary>
/// <param name="Month">The month of the usage.</param>
/// <param name="MetricName">The metric.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Quantity">Units to cover, above 0.</param>
/// <param name="CreditsPerUnit">What a unit costs.</param>
/// <param name="CreditCostId">By which cost.</param>
/// <param name="Before">Only grants that came before this instant; null: all.</param>
/// <param name="Since">Only grants that had not expired at this instant; null: all.</param>
public sealed record PrepaidUse(BillingMonth Month, string MetricName, string Unit, decimal Quantity, decimal CreditsPerUnit, Guid? CreditCostId = null, DateTimeOffset? Before = null, DateTimeOffset? Since = null);

/// <summary>What bringing up to date came to.</summary>
/// <param name="Consumed">Credits taken for usage.</param>
/// <param name="Returned">Credits given back.</param>
/// <param name="Expired">Credits lost.</param>
public readonly record struct PrepaidProgress(decimal Consumed, decimal Returned, decimal Expired)
{
    public bool Changed => Consumed != 0 || Returned != 0 || Expired != 0;
}
