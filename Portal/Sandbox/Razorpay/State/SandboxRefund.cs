namespace Portal.Sandbox.Razorpay.State;

/// <summary>A refund as the sandbox keeps it.</summary>
public sealed class SandboxRefund
{
    public required string Id { get; init; }

    public required string PaymentId { get; init; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    public string? Receipt { get; init; }

    public string Speed { get; init; } = "normal";

    public Dictionary<string, string> Notes { get; init; } = [];

    /// <summary>pending, processed or failed.</summary>
    public string Status { get; set; } = "pending";

    public string? Arn { get; set; }

    /// <summary>The idempotency key that made it, and the body it came with.</summary>
    public string? Key { get; init; }

    public string? KeyBody { get; init; }

    /// <summary>When a pending one ends, and how.</summary>
    public DateTimeOffset? SettlesAt { get; set; }

    public string? SettlesAs { get; init; }

    public long CreatedAt { get; init; }
}
