using Portal.Core.Access;

namespace Portal.Core.Audit;

/// <summary>One change: who, what, before and after, from where. Append-only; the database refuses update and delete.</summary>
public sealed class AuditEntry
{
    private AuditEntry() { }

    public Guid Id { get; private set; }

    /// <summary>The organisation concerned; null for what belongs to the platform.</summary>
    public Guid? OrganisationId { get; private set; }

    public ActorKind ActorKind { get; private set; }

    public Guid? ActorId { get; private set; }

    public string ActorName { get; private set; } = "";

    /// <summary>E.g. <c>invoice.issued</c>.</summary>
    public string Action { get; private set; } = "";

    public string EntityType { get; private set; } = "";

    public Guid EntityId { get; private set; }

    /// <summary>JSON of what changed, as it was.</summary>
    public string? Before { get; private set; }

    /// <summary>JSON of what changed, as it is.</summary>
    public string? After { get; private set; }

    public string? IpAddress { get; private set; }

    public string? UserAgent { get; private set; }

    public string CorrelationId { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public static AuditEntry Of(CallContext call, AuditRecord record, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(record);
        return new AuditEntry
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = record.OrganisationId,
            ActorKind = call.Actor.Kind,
            ActorId = call.Actor.Id,
            ActorName = call.Actor.Name,
            Action = record.Action,
            EntityType = record.EntityType,
            EntityId = record.EntityId,
            Before = AuditJson.Of(record.Before),
            After = AuditJson.Of(record.After),
            IpAddress = call.IpAddress,
            UserAgent = call.UserAgent is { Length: > 500 } agent ? agent[..500] : call.UserAgent,
            CorrelationId = call.CorrelationId,
            CreatedAt = now,
        };
    }
}

/// <summary>What an action tells the audit log. <paramref name="Before"/> and <paramref name="After"/> are small objects of the changed facts; never secrets.</summary>
public sealed record AuditRecord(string Action, string EntityType, Guid EntityId, Guid? OrganisationId, object? Before = null, object? After = null);
