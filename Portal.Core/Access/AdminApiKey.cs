using Portal.Core.ApiKeys;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>A key for the admin API; it carries the platform permissions of its user, as they are at the time of each call.</summary>
public sealed class AdminApiKey
{
    private AdminApiKey() { }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>The public part, e.g. <c>bka_4fH2kQ9z</c>.</summary>
    public string Prefix { get; private set; } = "";

    /// <summary>SHA-256 of the whole key, 32 bytes.</summary>
    public byte[] KeyHash { get; private set; } = [];

    /// <summary>The permissions that it is kept to; null: all that its person has. Never more than those.</summary>
    public IReadOnlyList<string>? Scopes { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    public DateTimeOffset? LastUsedAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public static AdminApiKey Issue(Guid userId, string name, SecretKey secret, IReadOnlyList<string>? scopes, DateTimeOffset? expiresAt, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return new AdminApiKey { Id = Guid.CreateVersion7(now), UserId = userId, Name = name, Prefix = secret.Prefix, KeyHash = secret.Hash, Scopes = scopes, ExpiresAt = expiresAt, CreatedAt = now };
    }

    public bool IsUsableAt(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);

    public void Revoke(DateTimeOffset now) => RevokedAt = RevokedAt is null
        ? now
        : throw new IllegalTransitionException("The key is already revoked.");
}
