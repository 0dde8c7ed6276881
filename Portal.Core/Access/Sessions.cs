using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Organisations;

namespace Portal.Core.Access;

/// <summary>One of a person's open sessions.</summary>
public sealed record SessionRow(Guid Id, string? IpAddress, string? UserAgent, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt);

/// <summary>Begins, watches and ends sessions.</summary>
public sealed class Sessions(IBillingStore store, TimeProvider clock)
{
    private static readonly AccessScope s_scope = new AccessScope.System("A person's sessions belong to no organisation");
    private static readonly TimeSpan s_seenEvery = TimeSpan.FromMinutes(1);

    /// <summary>Opens one for somebody who has proved who they are; the actor of the call. Sessions that are long over are forgotten.</summary>
    public async Task<UserSession> BeginAsync(CallContext call, TimeSpan lasts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var now = clock.GetUtcNow();
        var userId = call.Actor.Id!.Value;
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        await db.UserSessions.Where(row => row.UserId == userId && row.ExpiresAt < now.AddDays(-30)).ExecuteDeleteAsync(cancellationToken);
        var session = UserSession.Begin(userId, call.IpAddress, call.UserAgent, lasts, now);
        db.UserSessions.Add(session);
        db.Audit(call, new AuditRecord("user.signed_in", "user", userId, null), now);
        await db.CommitAsync(cancellationToken);
        return session;
    }

    /// <summary>True while the session stands; notes that it was seen.</summary>
    public async Task<bool> IsOpenAsync(Guid sessionId, Guid userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var session = await db.UserSessions.AsNoTracking().Where(row => row.Id == sessionId && row.UserId == userId).Select(row => new { row.EndedAt, row.ExpiresAt, row.LastSeenAt }).SingleOrDefaultAsync(cancellationToken);
        if (session is null || session.EndedAt is not null || session.ExpiresAt <= now)
            return false;
        if (now - session.LastSeenAt >= s_seenEvery)
        {
            await db.UserSessions.Where(row => row.Id == sessionId && row.EndedAt == null).ExecuteUpdateAsync(row => row.SetProperty(column => column.LastSeenAt, now), cancellationToken);
            await db.CommitAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>The open ones of the person who asks, latest first.</summary>
    public async Task<Result<IReadOnlyList<SessionRow>>> ListAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        return await db.UserSessions.AsNoTracking().Where(row => row.UserId == userId && row.EndedAt == null && row.ExpiresAt > now)
            .OrderByDescending(row => row.LastSeenAt).Take(100)
            .Select(row => new SessionRow(row.Id, row.IpAddress, row.UserAgent, row.CreatedAt, row.LastSeenAt)).ToListAsync(cancellationToken);
    }

    /// <summary>Ends one of one's own; open pages of it end within a minute. Fails with <c>not_found</c>.</summary>
    public async Task<Result<Unit>> EndAsync(CallContext call, Guid sessionId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        if (await db.LockAsync<UserSession>(sessionId, cancellationToken) is not { EndedAt: null } session || session.UserId != userId)
            return Failure.NotFound("session");
        session.End(now);
        // Nobody goes on looking at a customer's portal who has gone.
        if (sessionId == call.SessionId && await db.StaffViews.SingleOrDefaultAsync(view => view.UserId == userId && view.EndedAt == null, cancellationToken) is { } viewing)
            EndView.Close(db, call, viewing, "signed out", now);
        db.Audit(call, new AuditRecord(sessionId == call.SessionId ? "user.signed_out" : "session.ended", "user", userId, null, new { session.IpAddress, session.UserAgent, session.CreatedAt }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }

    /// <summary>Ends all of one's own but the one that asks; answers with how many.</summary>
    public async Task<Result<int>> EndOthersAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var ended = await EndAllAsync(db, userId, call.SessionId, now, cancellationToken);
        if (ended > 0)
            db.Audit(call, new AuditRecord("session.others_ended", "user", userId, null, After: new { Ended = ended }), now);
        await db.CommitAsync(cancellationToken);
        return ended;
    }

    /// <summary>Within the session's transaction, every open one but the one named.</summary>
    internal static Task<int> EndAllAsync(IBillingDb db, Guid userId, Guid? butThis, DateTimeOffset now, CancellationToken cancellationToken) => db.UserSessions
        .Where(row => row.UserId == userId && row.EndedAt == null && row.Id != butThis)
        .ExecuteUpdateAsync(row => row.SetProperty(column => column.EndedAt, now), cancellationToken);
}
