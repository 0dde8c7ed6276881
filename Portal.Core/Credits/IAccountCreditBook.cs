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

/// <summary>A movement that is to be made.</summary>
/// <param name="OrganisationId">Whose credit.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">Positive grants, negative uses; not 0.</param>
/// <param name="Reason">One of <see cref="CreditReasons"/>.</param>
/// <param name="SourceId">The payment, invoice or note that causes it; moves the balance once per reason.</param>
public sealed record CreditMovement(Guid OrganisationId, string Currency, decimal Amount, string Reason, Guid SourceId);

/// <summary>Why account credit moves.</summary>
public static class CreditReasons
{
    /// <summary>A payment was more than its invoices took. Source: the payment.</summary>
    public const string Overpayment = "overpayment";

    /// <summary>Late usage made an invoiced month cheaper. Source: the late usage credit.</summary>
    public const string LateUsage = "late_usage";

    /// <summary>Used for an invoice when it was issued. Source: the payment by account credit.</summary>
    public const string AppliedToInvoice = "applied_to_invoice";
}
