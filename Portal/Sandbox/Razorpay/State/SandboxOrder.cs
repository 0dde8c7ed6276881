namespace Portal.Sandbox.Razorpay.State;

/// <summary>An order as the sandbox keeps it; amounts in units of the wire, times in Unix seconds.</summary>
public sealed class SandboxOrder
{
    public required string Id { get; init; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    public string? Receipt { get; init; }

    public Dictionary<string, string> Notes { get; init; } = [];

    public long AmountPaid { get; set; }

    /// <summary>created, attempted or paid; it stays paid after a refund.</summary>
    public string Status { get; set; } = "created";

    public int Attempts { get; set; }

    /// <summary>Null leaves it to the account's setting.</summary>
    public bool? AutoCapture { get; init; }

    public long CreatedAt { get; init; }
}
