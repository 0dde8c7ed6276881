namespace Portal.Core.Credits;

/// <summary>A movement of account credit that is to be made.</summary>
/// <param name="OrganisationId">Whose credit.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">Positive grants, negative uses; not 0.</param>
/// <param name="Reason">One of <see cref="CreditReasons"/>.</param>
/// <param name="SourceId">The payment, credit or note that causes it; moves the balance once per reason.</param>
public readonly record struct CreditMovement(Guid OrganisationId, string Currency, decimal Amount, string Reason, Guid SourceId);

/// <summary>Why account credit moves; stored, unique with its source.</summary>
public static class CreditReasons
{
    /// <summary>Late usage made an invoiced month cheaper. Source: the late usage credit.</summary>
    public const string LateUsage = "late_usage";

    /// <summary>Used for an invoice when it was issued. Source: the payment by account credit.</summary>
    public const string AppliedToInvoice = "applied_to_invoice";

    /// <summary>A payment was more than its invoices took. Source: the payment.</summary>
    public const string Overpayment = "overpayment";
}
