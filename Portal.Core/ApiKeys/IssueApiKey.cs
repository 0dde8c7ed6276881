using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.ApiKeys;

/// <summary>What a new key is to be.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Scopes">At least one of <see cref="ApiKeyScopes"/>.</param>
/// <param name="RateLimitPerHour">Requests per hour, 1 to 100,000,000; null for no limit.</param>
/// <param name="ExpiresAt">In the future; null for never.</param>
public sealed record ApiKeyRequest(string Name, IReadOnlyList<string> Scopes, int? RateLimitPerHour = null, DateTimeOffset? ExpiresAt = null);

/// <summary>A key that has just been made. <paramref name="Secret"/> is shown this once.</summary>
public sealed record IssuedApiKey(ApiKey Key, string Secret);

/// <summary>Makes a key for a project.</summary>
public sealed class IssueApiKey(IBillingStore store, TimeProvider clock)
{
    /// <summary>Fails with <c>not_found</c> for the project, <c>invalid</c> by field, or <c>project_inactive</c>.</summary>
    public async Task<Result<IssuedApiKey>> RunAsync(CallContext call, Guid projectId, ApiKeyRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.KeysWrite))
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        if (Check(request, now) is { Count: > 0 } failures)
            return failures;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.Projects.SingleOrDefaultAsync(project => project.Id == projectId, cancellationToken) is not { } owner)
            return Failure.NotFound("project");
        if (!owner.IsActive)
            return Failure.Conflict("project_inactive", "The project is deactivated. Activate it before you create a key.");
        var secret = SecretKey.Create(SecretKey.ProjectMark);
        var key = ApiKey.Issue(
            new ApiKeyIssue(owner.OrganisationId, owner.Id, request.Name.Trim(), [.. request.Scopes.Distinct(StringComparer.Ordinal)], request.RateLimitPerHour, request.ExpiresAt), secret, now);
        db.ApiKeys.Add(key);
        db.Audit(call, new AuditRecord("api_key.issued", "api_key", key.Id, owner.OrganisationId,
            After: new { key.Prefix, key.Name, key.Scopes, key.RateLimitPerHour, key.ExpiresAt }), now);
        await db.CommitAsync(cancellationToken);
        return new IssuedApiKey(key, secret.Value);
    }

    private static List<Failure> Check(ApiKeyRequest request, DateTimeOffset now)
    {
        var failures = new List<Failure>();
        if (request.Name.Trim().Length is 0 or > 100)
            failures.Add(Failure.Invalid("name", "Enter a name of 1 to 100 characters."));
        if (request.Scopes.Count == 0 || request.Scopes.Except(ApiKeyScopes.All, StringComparer.Ordinal).Any())
            failures.Add(Failure.Invalid("scopes", $"Enter at least one of {string.Join(", ", ApiKeyScopes.All)}."));
        if (request.RateLimitPerHour is < 1 or > 100_000_000)
            failures.Add(Failure.Invalid("rateLimitPerHour", "Enter 1 to 100,000,000 requests per hour, or leave empty for no limit."));
        if (request.ExpiresAt <= now)
            failures.Add(Failure.Invalid("expiresAt", "Enter a future time, or leave empty for no expiry."));
        return failures;
    }
}
