using Portal.Core.Metering;

namespace Portal.Endpoints.Ingest;

/// <summary>Lets a request in by its project key, or says why not.</summary>
internal sealed class ProjectKeyGate(IngestKeyCache keys, KeyUses uses, TimeProvider clock, ILogger<ProjectKeyGate> logger)
{
    private const string Scheme = "Bearer ";

    /// <summary>The key, when it is in force, holds the scope and is within its limit.</summary>
    public async ValueTask<Entrance> EnterAsync(HttpContext http, string scope)
    {
        if (http.Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return new Entrance(ServiceProblem.Unauthorized);
        ProjectKey? key;
        try
        {
            key = await keys.FindAsync(header.AsSpan(Scheme.Length).Trim(' '));
        }
        catch (UsageStoreUnavailableException exception)
        {
            Log.KeysAway(logger, exception);
            return new Entrance(ServiceProblem.Unavailable);
        }

        var now = clock.GetUtcNow();
        if (key is null || !key.IsUsableAt(now))
            return new Entrance(ServiceProblem.Unauthorized);
        if (!key.Has(scope))
            return new Entrance(ServiceProblem.Forbidden);
        if (key.IsSuspended)
            return new Entrance(ServiceProblem.Suspended);
        var wait = uses.Count(key, now);
        return wait > 0 ? new Entrance(ServiceProblem.RateLimited, wait) : new Entrance(key, now);
    }
}

/// <summary>Let in with a key, or refused.</summary>
internal readonly struct Entrance
{
    public Entrance(ProjectKey key, DateTimeOffset now) => (Key, Now) = (key, now);

    public Entrance(ServiceProblem problem, int? retryAfter = null) => (Problem, RetryAfter) = (problem, retryAfter);

    public ProjectKey? Key { get; }

    /// <summary>The moment of entering.</summary>
    public DateTimeOffset Now { get; }

    public ServiceProblem? Problem { get; }

    /// <summary>In seconds, where the problem has one.</summary>
    public int? RetryAfter { get; }
}
