using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>A stored usage event. Never changed; a correction is a new event that supersedes it.</summary>
public sealed class UsageEvent : IOrganisationOwned
{
    private UsageEvent() { }

    /// <summary>UUIDv7, given at receipt.</summary>
    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public Guid ProjectId { get; private set; }

    public string MetricName { get; private set; } = "";

    /// <summary>0 or more, below 10^18, at most 12 decimals.</summary>
    public decimal MetricValue { get; private set; }

    public string Unit { get; private set; } = "";

    /// <summary>When it happened; decides the billing month.</summary>
    public DateTimeOffset Timestamp { get; private set; }

    public string? IdempotencyKey { get; private set; }

    /// <summary>A JSON object, at most 8 KiB.</summary>
    public string? Metadata { get; private set; }

    /// <summary>The event that this one replaces.</summary>
    public Guid? Supersedes { get; private set; }

    public DateTimeOffset IngestedAt { get; private set; }

    /// <summary>The key that sent it; null for events from before keys were written down.</summary>
    public Guid? ApiKeyId { get; private set; }

    /// <summary>The month that it is billed in, as <see cref="BillingMonth.Index"/>; written once, so that a change of zone moves no event.</summary>
    public int BillingMonth { get; private set; }
}

/// <summary>Sums of a quarter of an hour in UTC; kept in the transaction that stores the events.</summary>
public sealed class UsageBucket : IOrganisationOwned
{
    private UsageBucket() { }

    public Guid OrganisationId { get; private set; }

    public Guid ProjectId { get; private set; }

    public string MetricName { get; private set; } = "";

    public string Unit { get; private set; } = "";

    public DateTimeOffset BucketStart { get; private set; }

    public decimal TotalValue { get; private set; }

    public long EventCount { get; private set; }
}

/// <summary>Sums of a day in the organisation's zone as it was then, by the key that sent it; kept in the transaction that stores the events.</summary>
public sealed class UsageDaySum : IOrganisationOwned
{
    private UsageDaySum() { }

    public Guid OrganisationId { get; private set; }

    public DateOnly Day { get; private set; }

    public Guid ProjectId { get; private set; }

    /// <summary>The empty id where the key was not written down.</summary>
    public Guid ApiKeyId { get; private set; }

    public string MetricName { get; private set; } = "";

    public string Unit { get; private set; } = "";

    public decimal TotalValue { get; private set; }

    public long EventCount { get; private set; }
}

/// <summary>Sums of a billing month in the organisation's zone; kept in the transaction that stores the events.</summary>
public sealed class UsageAggregate : IOrganisationOwned
{
    private UsageAggregate() { }

    public Guid OrganisationId { get; private set; }

    public Guid ProjectId { get; private set; }

    public string MetricName { get; private set; } = "";

    public string Unit { get; private set; } = "";

    public int Year { get; private set; }

    public int Month { get; private set; }

    public decimal TotalValue { get; private set; }

    public long EventCount { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }
}

/// <summary>Says that an event no longer counts, and which correction took its place.</summary>
public sealed class UsageSupersession : IOrganisationOwned
{
    private UsageSupersession() { }

    public Guid OrganisationId { get; private set; }

    /// <summary>The event that no longer counts.</summary>
    public Guid EventId { get; private set; }

    public Guid SupersededBy { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
}
