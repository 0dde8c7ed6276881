namespace Portal.Sandbox.Razorpay.State;

/// <summary>One webhook on its way; copies of one event share its event id.</summary>
public sealed class SandboxDelivery
{
    public required string Id { get; init; }

    /// <summary>Deliveries of one action go out one after the other, in their order.</summary>
    public required string Batch { get; init; }

    public required string EventId { get; init; }

    public required string Type { get; init; }

    /// <summary>What it is about, for people.</summary>
    public required string About { get; init; }

    /// <summary>The text whose UTF-8 bytes are signed and sent.</summary>
    public required string Body { get; init; }

    /// <summary>pending, sending, delivered, failed, or held while webhooks are off.</summary>
    public string Status { get; set; } = "pending";

    public int Attempts { get; set; }

    public int? LastStatus { get; set; }

    public string? LastError { get; set; }

    public DateTimeOffset DueAt { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>What changes about it, without the body that does not.</summary>
    internal SandboxDeliveryProgress Progress
    {
        get => new(Status, Attempts, LastStatus, LastError, DueAt);
        set => (Status, Attempts, LastStatus, LastError, DueAt) = (value.Status, value.Attempts, value.LastStatus, value.LastError, value.DueAt);
    }
}

/// <summary>How far a delivery has come.</summary>
internal sealed record SandboxDeliveryProgress(string Status, int Attempts, int? LastStatus, string? LastError, DateTimeOffset DueAt);
