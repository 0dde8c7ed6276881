using Portal.Core.Kernel;

namespace Portal.Core.Audit;

/// <summary>
/// The hash chain over the audit log. Every row waits, from the moment it is written, until it is sealed: its seal is the SHA-256 of the seal
/// before it and of all that the row says. Whoever changes, removes or slips in a row breaks the chain at that row.
/// </summary>
public interface IAuditChain
{
    /// <summary>Seals the rows that have waited longest, at most <paramref name="most"/>; answers how many. One at a time: who comes second waits.</summary>
    Task<long> SealAsync(IBillingDb db, int most, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Where the chain ends.</summary>
    Task<AuditHead> HeadAsync(IBillingDb db, CancellationToken cancellationToken);

    /// <summary>Checks the seals after <paramref name="after"/> up to and with <paramref name="until"/> against each other and against their rows.</summary>
    Task<AuditStretch> CheckAsync(IBillingDb db, AuditLink after, long until, CancellationToken cancellationToken);

    /// <summary>Rows of the log without a seal that don't wait for one, and rows that waited and are gone; at most <paramref name="most"/>.</summary>
    Task<IReadOnlyList<AuditFlaw>> FindStraysAsync(IBillingDb db, int most, CancellationToken cancellationToken);
}

/// <summary>The end of the chain.</summary>
/// <param name="Position">How many rows are sealed.</param>
/// <param name="Hash">The newest seal in hexadecimal; zeros before the first.</param>
/// <param name="SealedAt">When the newest was made.</param>
/// <param name="Waiting">Rows that are written and not yet sealed.</param>
public sealed record AuditHead(long Position, string Hash, DateTimeOffset? SealedAt, long Waiting);

/// <summary>A place in the chain: a seal's number and its hash in hexadecimal.</summary>
public sealed record AuditLink(long Position, string Hash)
{
    /// <summary>Before the first seal.</summary>
    public static AuditLink Beginning { get; } = new(0, new string('0', 64));
}

/// <summary>What a look at a part of the chain found.</summary>
/// <param name="Last">The last seal that is there.</param>
/// <param name="Looked">How many seals were looked at.</param>
/// <param name="Flaws">What is wrong, in order; at most a hundred.</param>
public sealed record AuditStretch(AuditLink Last, long Looked, IReadOnlyList<AuditFlaw> Flaws);

/// <summary>How a row of the log betrays that somebody was at it.</summary>
public enum AuditFlawKind
{
    /// <summary>The row does not say what it said when it was sealed.</summary>
    Changed,

    /// <summary>The row is gone; its seal is left.</summary>
    Removed,

    /// <summary>The seal does not follow from the one before it.</summary>
    Relinked,

    /// <summary>Seals are missing before this one, or at the end.</summary>
    SealMissing,

    /// <summary>The row has no seal and does not wait for one: it was slipped in, or its seal was taken away.</summary>
    Unsealed,

    /// <summary>The row was removed before it was sealed.</summary>
    RemovedUnsealed,
}

/// <summary>Something wrong with the log.</summary>
/// <param name="Kind">What.</param>
/// <param name="Position">The seal's number; null where there is none.</param>
/// <param name="EntryId">The row of the log; null where nothing tells which it was.</param>
public sealed record AuditFlaw(AuditFlawKind Kind, long? Position, Guid? EntryId);
