namespace Portal.Core.Ledger;

/// <summary>How the ledger calls the coming of money; a stored name never changes its meaning.</summary>
public static class LedgerKinds
{
    /// <summary>The provider took a payment for us. Source: the payment.</summary>
    public const string PaymentCaptured = "payment.captured";

    /// <summary>Staff recorded money that came another way. Source: the payment.</summary>
    public const string PaymentRecorded = "payment.recorded";
}
