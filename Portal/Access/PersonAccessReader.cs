using Portal.Core.Access;

namespace Portal.Access;

/// <summary>
/// What the person of this request, or of this circuit, may do. The copy that is kept serves what only decides what is shown;
/// <see cref="FreshAsync(Guid, CancellationToken)"/> is what every call into the domain starts from. A circuit lives for hours, so there it reads
/// anew each time. A request that only reads is one moment: all of it goes by what was read at its beginning, and no other request does.
/// </summary>
public sealed class PersonAccessReader(GetAccess getAccess, CallOrigin origin, TimeProvider clock)
{
    /// <summary>How old the copy may get.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private Copy? _known;

    /// <summary>The copy, whatever its age, for rendering without waiting; null before the first reading.</summary>
    public PersonAccess? Known => _known?.Access;

    /// <summary>At most <see cref="Lifetime"/> old. Null when the person no longer exists.</summary>
    public async ValueTask<PersonAccess?> GetAsync(Guid userId, CancellationToken cancellationToken) =>
        _known is { } known && known.UserId == userId && IsYoung(known) ? known.Access : await FreshAsync(userId, cancellationToken);

    /// <summary>Read now, or in this very request. Null when the person no longer exists.</summary>
    public Task<PersonAccess?> FreshAsync(Guid userId, CancellationToken cancellationToken) => FreshAsync(userId, null, cancellationToken);

    /// <summary>Read now, or in this very request, with what became of a session.</summary>
    public async Task<PersonAccess?> FreshAsync(Guid userId, Guid? sessionId, CancellationToken cancellationToken)
    {
        // So that what is read first in a request serves whoever asks for the session as well.
        sessionId ??= origin.RequestUser?.SessionId();
        if (origin.OnlyReads && _known is { } known && known.UserId == userId && known.SessionId == sessionId && IsYoung(known))
            return known.Access;
        var access = await getAccess.RunAsync(userId, sessionId, cancellationToken);
        _known = new Copy(access, clock.GetUtcNow(), userId, sessionId);
        return access;
    }

    // Even a request may last: a page that streams, a large file.
    private bool IsYoung(Copy known) => clock.GetUtcNow() - known.ReadAt < Lifetime;

    private sealed record Copy(PersonAccess? Access, DateTimeOffset ReadAt, Guid UserId, Guid? SessionId);
}
