using Portal.Core.Kernel;

namespace Portal.Core.ApiKeys;

/// <summary>A project's key. Only its SHA-256 is stored; the key itself is shown once.</summary>
public sealed class ApiKey : IOrganisationOwned
{
    private ApiKey() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public Guid ProjectId { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>The public part, e.g. <c>bk_4fH2kQ9z</c>; identifies the key in lists.</summary>
    public string Prefix { get; private set; } = "";

    /// <summary>SHA-256 of the whole key, 32 bytes.</summary>
    public byte[] KeyHash { get; private set; } = [];

    /// <summary>What it may do; see <see cref="ApiKeyScopes"/>.</summary>
    public IReadOnlyList<string> Scopes { get; private set; } = [];

    /// <summary>Requests per hour; null for no limit.</summary>
    public int? RateLimitPerHour { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>The key that took over, when this one was rotated.</summary>
    public Guid? RotatedToId { get; private set; }

    /// <summary>Written lazily, up to a minute late.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public static ApiKey Issue(ApiKeyIssue issue, SecretKey secret, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(issue);
        ArgumentNullException.ThrowIfNull(secret);
        return new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = issue.OrganisationId,
            ProjectId = issue.ProjectId,
            Name = issue.Name,
            Prefix = secret.Prefix,
            KeyHash = secret.Hash,
            Scopes = issue.Scopes,
            RateLimitPerHour = issue.RateLimitPerHour,
            ExpiresAt = issue.ExpiresAt,
            CreatedAt = now,
        };
    }

    public bool IsUsableAt(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);

    public void Revoke(DateTimeOffset now) => RevokedAt = RevokedAt is null
        ? now
        : throw new IllegalTransitionException("The key is already revoked.");

    /// <summary>Gives way to <paramref name="successor"/>: this key stays good until <paramref name="until"/>, or its own expiry if that comes first.</summary>
    public void RotateTo(ApiKey successor, DateTimeOffset until)
    {
        ArgumentNullException.ThrowIfNull(successor);
        if (RevokedAt is not null || RotatedToId is not null)
            throw new IllegalTransitionException("A revoked or rotated key can't be rotated.");
        RotatedToId = successor.Id;
        ExpiresAt = ExpiresAt < until ? ExpiresAt : until;
    }
}

/// <summary>What a new key is for.</summary>
public sealed record ApiKeyIssue(Guid OrganisationId, Guid ProjectId, string Name, IReadOnlyList<string> Scopes, int? RateLimitPerHour, DateTimeOffset? ExpiresAt);

/// <summary>The scopes that a project key can hold.</summary>
public static class ApiKeyScopes
{
    /// <summary>Post usage events.</summary>
    public const string UsageWrite = "usage:write";

    /// <summary>Read the project's usage.</summary>
    public const string UsageRead = "usage:read";

    /// <summary>Post events that supersede earlier ones.</summary>
    public const string UsageCorrect = "usage:correct";

    public static IReadOnlyList<string> All { get; } = [UsageWrite, UsageRead, UsageCorrect];
}
