using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Health;

/// <summary>How an invariant stands by the last look at it.</summary>
/// <param name="Id">E.g. <c>I1</c>.</param>
/// <param name="Title">What must hold.</param>
/// <param name="Ok">Null while nobody has looked.</param>
/// <param name="Detail">How much was looked at and how much breaks the rule.</param>
/// <param name="LookedAt">When.</param>
/// <param name="Took">How long that took.</param>
public sealed record InvariantStanding(string Id, string Title, bool? Ok, string? Detail, DateTimeOffset? LookedAt, TimeSpan? Took);

/// <summary>Looks at invariants and keeps what was found, so that it can be read without looking again.</summary>
public sealed class LookAtInvariants(IBillingStore store, IInvariantProbe probe, TimeProvider clock)
{
    private static readonly AccessScope s_scope = new AccessScope.System("What a look found is kept for all of staff");

    /// <summary>What the last looks found, in order. Needs <c>system:read</c>, as staff.</summary>
    public async Task<Result<IReadOnlyList<InvariantStanding>>> LastAsync(CallContext call, CancellationToken cancellationToken)
    {
        if (Refuse(call) is { } refused)
            return refused;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var looks = await db.InvariantLooks.AsNoTracking().ToDictionaryAsync(look => look.Id, StringComparer.Ordinal, cancellationToken);
        return Result<IReadOnlyList<InvariantStanding>>.From([.. probe.Invariants.Select(invariant => looks.TryGetValue(invariant.Id, out var look)
            ? new InvariantStanding(invariant.Id, invariant.Title, look.Ok, look.Detail, look.LookedAt, TimeSpan.FromMilliseconds(look.TookMilliseconds))
            : new InvariantStanding(invariant.Id, invariant.Title, null, null, null, null))]);
    }

    /// <summary>Looks now, at one or (null) at all, one after the other. Needs <c>system:read</c>, as staff. Answers how many don't hold.</summary>
    public async Task<Result<int>> RunAsync(CallContext call, string? id, CancellationToken cancellationToken)
    {
        if (Refuse(call) is { } refused)
            return refused;
        var wanted = probe.Invariants.Where(invariant => id is null || invariant.Id == id).ToList();
        if (wanted.Count == 0)
            return Failure.NotFound("rule");
        var broken = 0;
        foreach (var invariant in wanted)
        {
            var started = clock.GetTimestamp();
            InvariantResult result;
            await using (var db = await store.OpenAsync(call.Scope, cancellationToken))
                result = await probe.CheckAsync(db, invariant, clock.GetUtcNow(), cancellationToken);
            await KeepAsync(result, clock.GetElapsedTime(started), cancellationToken);
            broken += result.Ok ? 0 : 1;
        }

        return broken;
    }

    /// <summary>Rows that break a rule, at most twenty. Needs <c>system:read</c>, as staff.</summary>
    public async Task<Result<IReadOnlyList<InvariantFinding>>> FindAsync(CallContext call, string id, CancellationToken cancellationToken)
    {
        if (Refuse(call) is { } refused)
            return refused;
        if (probe.Invariants.FirstOrDefault(invariant => invariant.Id == id) is not { } invariant)
            return Failure.NotFound("rule");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return Result<IReadOnlyList<InvariantFinding>>.From(await probe.FindAsync(db, invariant, clock.GetUtcNow(), cancellationToken));
    }

    // Two who look at once keep the later one's finding: both have seen the same data.
    private async Task KeepAsync(InvariantResult result, TimeSpan took, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        if (await db.InvariantLooks.SingleOrDefaultAsync(look => look.Id == result.Id, cancellationToken) is { } known)
            known.Take(result, took, clock.GetUtcNow());
        else
            db.InvariantLooks.Add(InvariantLook.Of(result, took, clock.GetUtcNow()));
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (UniqueViolationException)
        {
            // Somebody else's first look was a moment faster.
        }
    }

    private static Failure? Refuse(CallContext call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.May(Permissions.SystemRead) && call.OrganisationId is null ? null : Failure.Forbidden();
    }
}
