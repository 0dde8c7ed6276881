using Portal.Core.Kernel;

namespace Portal.Core.Credits;

/// <summary>Keeps account credit: the balance and its movements change together, one movement at a time per organisation and currency.</summary>
public interface IAccountCreditBook
{
    /// <summary>
    /// Moves the balance within the session's transaction and writes the movement. Locks the balance until the session ends, so ask for it
    /// after all other locks.
    /// </summary>
    /// <param name="db">The session; staff or system.</param>
    /// <param name="movement">What moves.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Stops waiting for the lock.</param>
    /// <returns>The balance after it; null, and nothing moved, when there is less than what is to be used.</returns>
    /// <exception cref="UniqueViolationException">At the next save: this source has already moved the balance for this reason.</exception>
    Task<decimal?> MoveAsync(IBillingDb db, CreditMovement movement, DateTimeOffset now, CancellationToken cancellationToken);
}
