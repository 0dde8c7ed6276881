using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Organisations;

/// <summary>
/// Lets somebody of staff see an organisation's portal as its people do. It gives no right but to read: what they may do is made of it by
/// <see cref="GetAccess"/>, and the scope of such a call is for reading only.
/// </summary>
public sealed class BeginView(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>organisations:read</c>, as a person of staff. Another view of theirs ends with it.</summary>
    public async Task<Result<StaffView>> RunAsync(CallContext call, Guid organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.OrganisationsRead) || call.OrganisationId is not null || call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        // One at a time: the second of two quick clicks waits here.
        if (await db.LockAsync<User>(userId, cancellationToken) is null)
            return Failure.Forbidden();
        if (!await db.Organisations.AnyAsync(row => row.Id == organisationId, cancellationToken))
            return Failure.NotFound("organisation");
        foreach (var earlier in await db.StaffViews.Where(view => view.UserId == userId && view.EndedAt == null).ToListAsync(cancellationToken))
        {
            if (earlier.OrganisationId == organisationId && earlier.EndsAt > now)
                return earlier;
            EndView.Close(db, call, earlier, earlier.EndsAt <= now ? "expired" : "another view began", now);
        }

        await db.SaveAsync(cancellationToken);
        var view = StaffView.Begin(userId, organisationId, now);
        db.StaffViews.Add(view);
        db.Audit(call, new AuditRecord("view.started", "organisation", organisationId, organisationId, null, new { view.EndsAt }), now);
        await db.CommitAsync(cancellationToken);
        return view;
    }
}

/// <summary>Ends the view of whoever asks.</summary>
public sealed class EndView(IBillingStore store, TimeProvider clock)
{
    /// <summary>For a person, whatever they may do: ending is always allowed. Answers with the organisation; null when there was no view.</summary>
    public async Task<Result<Guid?>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(new AccessScope.System("A view belongs to a person of staff, not to the organisation that is viewed"), cancellationToken);
        await db.LockAsync<User>(userId, cancellationToken);
        if (await db.StaffViews.SingleOrDefaultAsync(view => view.UserId == userId && view.EndedAt == null, cancellationToken) is not { } open)
            return Result<Guid?>.From((Guid?)null);
        Close(db, call, open, open.EndsAt <= now ? "expired" : "ended", now);
        await db.CommitAsync(cancellationToken);
        return Result<Guid?>.From((Guid?)open.OrganisationId);
    }

    internal static void Close(IBillingDb db, CallContext call, StaffView view, string how, DateTimeOffset now)
    {
        // One that ran out ended when it ran out, however late that is noticed.
        var ended = view.EndsAt < now ? view.EndsAt : now;
        view.End(ended);
        db.Audit(call, new AuditRecord("view.ended", "organisation", view.OrganisationId, view.OrganisationId, new { view.StartedAt }, new { EndedAt = ended, How = how }), now);
    }
}

/// <summary>Writes down the end of views that ran out.</summary>
public sealed class CloseOldViews(IBillingStore store, TimeProvider clock)
{
    /// <summary>Jobs only. Answers how many there were. The audit rows name whose they were.</summary>
    public async Task<Result<int>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Scope is not AccessScope.System)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var old = await db.StaffViews.Where(view => view.EndedAt == null && view.EndsAt <= now).OrderBy(view => view.Id).Take(100)
            .Join(db.Users, view => view.UserId, user => user.Id, (view, user) => new { View = view, user.Email }).ToListAsync(cancellationToken);
        foreach (var row in old)
            EndView.Close(db, call with { Actor = new Actor(ActorKind.User, row.View.UserId, row.Email!) }, row.View, "expired", now);
        await db.CommitAsync(cancellationToken);
        return old.Count;
    }
}
