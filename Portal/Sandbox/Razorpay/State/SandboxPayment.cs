namespace Portal.Sandbox.Razorpay.State;

/// <summary>A payment as the sandbox keeps it.</summary>
public sealed class SandboxPayment
{
    public required string Id { get; init; }

    public required string OrderId { get; init; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    public required SandboxInstrument Instrument { get; init; }

    public string? Description { get; init; }

    public Dictionary<string, string> Notes { get; init; } = [];

    /// <summary>created, authorized, captured, refunded or failed; failed may still become authorized.</summary>
    public string Status { get; set; } = "created";

    /// <summary>True once the seller has the money, also after a refund.</summary>
    public bool Captured { get; set; }

    public long AmountRefunded { get; set; }

    public long? Fee { get; set; }

    public long? Tax { get; set; }

    public SandboxFailure? Failure { get; set; }

    /// <summary>The bank's reference, once it agreed.</summary>
    public string? BankReference { get; set; }

    /// <summary>When a payment that looks failed will turn out to be authorised after all.</summary>
    public DateTimeOffset? LateAt { get; set; }

    public long CreatedAt { get; init; }
}

/// <summary>What was paid with.</summary>
/// <param name="Method">card, upi or netbanking.</param>
/// <param name="Bank">A bank's code, for netbanking.</param>
/// <param name="Vpa">A payment address, for UPI.</param>
/// <param name="CardNetwork">E.g. Visa; the number itself is never kept.</param>
/// <param name="CardLast4">The card's last four digits.</param>
/// <param name="International">True for a card from abroad.</param>
/// <param name="Email">Of the payer.</param>
/// <param name="Contact">The payer's telephone number.</param>
public sealed record SandboxInstrument(
    string Method, string? Bank = null, string? Vpa = null, string? CardNetwork = null, string? CardLast4 = null, bool International = false,
    string? Email = null, string? Contact = null);

/// <summary>Why a payment failed.</summary>
public sealed record SandboxFailure(string Reason, string Description, string Source = "bank", string Step = "payment_authorization", string Code = "BAD_REQUEST_ERROR");
