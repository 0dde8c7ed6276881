using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Notifications;

/// <summary>Something that a person is told of.</summary>
/// <param name="Id">The audit row.</param>
/// <param name="Action">One of <see cref="NotableActions"/>.</param>
/// <param name="EntityType">What sort of thing, e.g. <c>invoice</c>.</param>
/// <param name="EntityId">Which.</param>
/// <param name="Subject">Its number or title; null where it has none.</param>
/// <param name="OrganisationId">Whose; null for the platform's.</param>
/// <param name="OrganisationName">Whose, by name; only for staff.</param>
/// <param name="ActorName">By whom.</param>
/// <param name="At">When.</param>
/// <param name="IsNew">Since the person looked last.</param>
public sealed record Notification(
    Guid Id, string Action, string EntityType, Guid EntityId, string? Subject, Guid? OrganisationId, string? OrganisationName, string ActorName, DateTimeOffset At, bool IsNew);

/// <summary>
/// What happened lately that concerns whoever looks, newest first: audited changes of others, of the last thirty days, as far as the permissions
/// reach. Nothing is stored per person but how far they have read, so nothing can be told twice or be missed.
/// </summary>
public sealed class ListNotifications(IBillingStore store, TimeProvider clock)
{
    /// <summary>At most so many are shown, and counted as new.</summary>
    public const int Most = 20;

    private static readonly TimeSpan s_lately = TimeSpan.FromDays(30);
    private static readonly AccessScope s_own = new AccessScope.System("How far a person has read belongs to no organisation");

    /// <summary>Needs no permission of its own: each notification needs the one to read what it is about.</summary>
    public async Task<Result<IReadOnlyList<Notification>>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        var kinds = call.OrganisationId is null ? NotableActions.Staff : NotableActions.Customer;
        List<string> actions = [.. kinds.Where(kind => call.May(kind.Value)).Select(kind => kind.Key)];
        if (actions.Count == 0)
            return Result<IReadOnlyList<Notification>>.From(Array.Empty<Notification>());
        var seen = await SeenAsync(userId, call.OrganisationId ?? Guid.Empty, cancellationToken);
        var since = clock.GetUtcNow() - s_lately;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rows = db.AuditLog.AsNoTracking().Where(entry => actions.Contains(entry.Action) && entry.CreatedAt > since && entry.ActorId != userId);
        if (call.OrganisationId is { } organisation)
            rows = rows.Where(entry => entry.OrganisationId == organisation);
        var entries = await rows.OrderByDescending(entry => entry.CreatedAt).ThenByDescending(entry => entry.Id).Take(Most)
            .Select(entry => new { entry.Id, entry.Action, entry.EntityType, entry.EntityId, entry.OrganisationId, entry.ActorName, entry.CreatedAt })
            .ToListAsync(cancellationToken);
        if (entries.Count == 0)
            return Result<IReadOnlyList<Notification>>.From(Array.Empty<Notification>());
        var subjects = await SubjectsAsync(db, [.. entries.Select(entry => (entry.EntityType, entry.EntityId))], cancellationToken);
        List<Guid> owners = call.OrganisationId is null ? [.. entries.Where(entry => entry.OrganisationId is not null).Select(entry => entry.OrganisationId!.Value).Distinct()] : [];
        var names = owners.Count == 0 ? [] : await db.Organisations.Where(row => owners.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => row.Name, cancellationToken);
        return Result<IReadOnlyList<Notification>>.From([.. entries.Select(entry => new Notification(
            entry.Id, entry.Action, entry.EntityType, entry.EntityId, subjects.GetValueOrDefault(entry.EntityId), entry.OrganisationId,
            entry.OrganisationId is { } owner ? names.GetValueOrDefault(owner) : null, entry.ActorName, entry.CreatedAt, entry.CreatedAt > seen))]);
    }

    /// <summary>All that is there by now is read. Staff who view as a customer leave no mark there.</summary>
    public async Task<Result<Unit>> SeeAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        if (call.IsReadOnly)
            return default(Unit);
        var (place, now) = (call.OrganisationId ?? Guid.Empty, clock.GetUtcNow());
        await using var db = await store.OpenAsync(s_own, cancellationToken);
        // The person's row, so that two circuits of one person make one mark.
        await db.LockAsync<User>(userId, cancellationToken);
        if (await db.NotificationMarks.SingleOrDefaultAsync(row => row.UserId == userId && row.Place == place, cancellationToken) is { } mark)
            mark.Move(now);
        else
            db.NotificationMarks.Add(NotificationMark.Of(userId, place, now));
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }

    // Who has never looked has seen nothing since they came.
    private async Task<DateTimeOffset> SeenAsync(Guid userId, Guid place, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_own, cancellationToken);
        return await db.Users.Where(user => user.Id == userId)
            .Select(user => db.NotificationMarks.Where(mark => mark.UserId == userId && mark.Place == place).Select(mark => (DateTimeOffset?)mark.SeenAt).SingleOrDefault() ?? user.CreatedAt)
            .SingleOrDefaultAsync(cancellationToken);
    }

    private static async Task<Dictionary<Guid, string>> SubjectsAsync(IBillingDb db, List<(string Type, Guid Id)> things, CancellationToken cancellationToken)
    {
        var subjects = new Dictionary<Guid, string>();
        if (Of("invoice") is { Count: > 0 } invoices)
        {
            foreach (var row in await db.Invoices.Where(row => invoices.Contains(row.Id) && row.Number != null).Select(row => new { row.Id, row.Number }).ToListAsync(cancellationToken))
                subjects[row.Id] = row.Number!;
        }

        if (Of("ticket") is { Count: > 0 } tickets)
        {
            foreach (var row in await db.Tickets.Where(row => tickets.Contains(row.Id)).Select(row => new { row.Id, row.Subject }).ToListAsync(cancellationToken))
                subjects[row.Id] = row.Subject;
        }

        return subjects;

        List<Guid> Of(string type) => [.. things.Where(thing => thing.Type == type).Select(thing => thing.Id).Distinct()];
    }
}
