using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Audit;

/// <summary>Looks at the whole chain of the audit log, and writes into the log what it found.</summary>
public sealed class VerifyAudit(IBillingStore store, IAuditChain chain, TimeProvider clock)
{
    /// <summary>What a verification's own audit row is about: the chain.</summary>
    public static readonly Guid ChainId = new("01900000-0000-7000-8000-0000000000a0");

    internal const string Action = "audit.verified";

    private const long Stretch = 20_000;

    private const int MostFlaws = 100;

    /// <summary>Needs <c>audit:read</c>, as staff. Reads every sealed row, in parts, each in a session of its own.</summary>
    public async Task<Result<AuditVerification>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.AuditRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var head = await OverAsync(call, chain.HeadAsync, cancellationToken);
        var flaws = new List<AuditFlaw>();
        var (last, looked) = (AuditLink.Beginning, 0L);
        for (var until = Math.Min(Stretch, head.Position); ; until = Math.Min(until + Stretch, head.Position))
        {
            var (from, to) = (last, until);
            var part = await OverAsync(call, (db, token) => chain.CheckAsync(db, from, to, token), cancellationToken);
            flaws.AddRange(part.Flaws);
            (last, looked) = (part.Last, looked + part.Looked);
            if (until >= head.Position || flaws.Count >= MostFlaws)
                break;
        }

        if (flaws.Count < MostFlaws && (last.Position != head.Position || last.Hash != head.Hash))
            flaws.Add(new AuditFlaw(AuditFlawKind.SealMissing, head.Position, null));
        flaws.AddRange(await OverAsync(call, (db, token) => chain.FindStraysAsync(db, MostFlaws, token), cancellationToken));
        var found = new AuditVerification(clock.GetUtcNow(), call.Actor.Name, looked, head.Position, head.Hash, flaws.Count == 0, [.. flaws.Take(MostFlaws)]);
        await WriteAsync(call, found, cancellationToken);
        return found;
    }

    private async Task WriteAsync(CallContext call, AuditVerification found, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var facts = new VerificationFacts(found.Looked, found.Position, found.Hash, found.Holds, found.Flaws);
        db.Audit(call, new AuditRecord(Action, "audit_chain", ChainId, null, null, facts), found.At);
        await db.CommitAsync(cancellationToken);
    }

    private async Task<T> OverAsync<T>(CallContext call, Func<IBillingDb, CancellationToken, Task<T>> look, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await look(db, cancellationToken);
    }
}

/// <summary>What a look at the whole chain found.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who asked for it: a mail address or a job's name.</param>
/// <param name="Looked">Seals that were looked at.</param>
/// <param name="Position">Where the chain ended.</param>
/// <param name="Hash">The seal at its end.</param>
/// <param name="Holds">True when nothing is wrong.</param>
/// <param name="Flaws">What is wrong; at most a hundred.</param>
public sealed record AuditVerification(DateTimeOffset At, string By, long Looked, long Position, string Hash, bool Holds, IReadOnlyList<AuditFlaw> Flaws);

/// <summary>What the audit row of a verification says.</summary>
internal sealed record VerificationFacts(long Looked, long Position, string Hash, bool Holds, IReadOnlyList<AuditFlaw> Flaws);
