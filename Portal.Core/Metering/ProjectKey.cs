namespace Portal.Core.Metering;

/// <summary>What the bearer of a project key may do, as far as a request needs to know.</summary>
public sealed class ProjectKey
{
    public required Guid Id { get; init; }

    /// <summary>The key's public part, for logs and the audit trail.</summary>
    public required string Prefix { get; init; }

    public required Guid OrganisationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Requests per clock hour; null for no limit.</summary>
    public required int? RateLimitPerHour { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Not revoked, and neither its project nor its organisation is closed.</summary>
    public required bool IsInForce { get; init; }

    /// <summary>The organisation is suspended: its keys are refused until it has paid.</summary>
    public required bool IsSuspended { get; init; }

    public required BillingCalendar Calendar { get; init; }

    public bool IsUsableAt(DateTimeOffset now) => IsInForce && (ExpiresAt is null || ExpiresAt > now);

    public bool Has(string scope)
    {
        foreach (var own in Scopes)
        {
            if (string.Equals(own, scope, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}

/// <summary>Project keys as they stand in the database.</summary>
public interface IProjectKeys
{
    /// <summary>The key whose SHA-256 this is, in force or not; null when there is none.</summary>
    /// <exception cref="UsageStoreUnavailableException">The database can't be asked.</exception>
    Task<ProjectKey?> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);

    /// <summary>Notes when keys were last used; an older time never replaces a newer one.</summary>
    /// <exception cref="UsageStoreUnavailableException">The database can't be reached.</exception>
    Task RecordUseAsync(IReadOnlyCollection<KeyValuePair<Guid, DateTimeOffset>> uses, CancellationToken cancellationToken);
}

/// <summary>The database is away.</summary>
public sealed class UsageStoreUnavailableException : Exception
{
    public UsageStoreUnavailableException() { }

    public UsageStoreUnavailableException(string message) : base(message) { }

    public UsageStoreUnavailableException(string message, Exception innerException) : base(message, innerException) { }
}
