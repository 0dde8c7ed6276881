using Portal.Core.Access;

namespace Portal.Access;

/// <summary>
/// What the person of this request, or of this circuit, may do. The copy that is kept serves what only decides what is shown;
/// <see cref="FreshAsync(Guid, CancellationToken)"/> reads anew and is what every call into the domain starts from.
/// </summary>
public sealed class PersonAccessReader(GetAccess getAccess, TimeProvider clock)
{
    /// <summary>How old the copy may get.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private (PersonAccess? Access, DateTimeOffset ReadAt, Guid UserId)? _known;

    /// <summary>The copy, whatever its age, for rendering without waiting; null before the first reading.</summary>
    public PersonAccess? Known => _known?.Access;

    /// <summary>At most <see cref="Lifetime"/> old. Null when the person no longer exists.</summary>
    public async ValueTask<PersonAccess?> GetAsync(Guid userId, CancellationToken cancellationToken) =>
        _known is { } known && known.UserId == userId && clock.GetUtcNow() - known.ReadAt < Lifetime ? known.Access : await FreshAsync(userId, cancellationToken);

    /// <summary>Read now. Null when the person no longer exists.</summary>
    public Task<PersonAccess?> FreshAsync(Guid userId, CancellationToken cancellationToken) => FreshAsync(userId, null, cancellationToken);

    /// <summary>Read now, with what became of a session.</summary>
    public async Task<PersonAccess?> FreshAsync(Guid userId, Guid? sessionId, CancellationToken cancellationToken)
    {
        var access = await getAccess.RunAsync(userId, sessionId, cancellationToken);
        _known = (access, clock.GetUtcNow(), userId);
        return access;
    }
}
