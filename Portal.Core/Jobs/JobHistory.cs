using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Jobs;

/// <summary>The runs of the jobs, and which of them are paused.</summary>
public sealed class JobHistory(IBillingStore store, TimeProvider clock)
{
    /// <summary>Runs of a job that are kept, whatever their age; failures longer: see <see cref="PruneAsync"/>.</summary>
    public const int Kept = 200;

    private static readonly AccessScope s_scope = new AccessScope.System("Jobs belong to no organisation");

    private static readonly TimeSpan s_failuresKept = TimeSpan.FromDays(30);

    /// <summary>What a job's audit rows are about: the same id for the same name, always.</summary>
    public static Guid IdOf(string job) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"job:{job}")).AsSpan(0, 16));

    /// <summary>The last run of every job, and the jobs that are paused. Needs <c>system:read</c>, as staff.</summary>
    public async Task<Result<JobStandings>> StandingsAsync(CallContext call, IReadOnlyCollection<string> jobs, CancellationToken cancellationToken)
    {
        if (Refuse(call, Permissions.SystemRead) is { } refused)
            return refused;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        // Only the latest of each are kept, so that this reads little.
        var last = await db.JobRuns.AsNoTracking().Where(run => jobs.Contains(run.Job)).GroupBy(run => run.Job)
            .Select(runs => runs.OrderByDescending(run => run.Id).First())
            .ToDictionaryAsync(run => run.Job, StringComparer.Ordinal, cancellationToken);
        return new JobStandings(last, await db.PausedJobs.AsNoTracking().ToDictionaryAsync(paused => paused.Job, StringComparer.Ordinal, cancellationToken));
    }

    /// <summary>The runs of a job, newest first. Needs <c>system:read</c>, as staff.</summary>
    public async Task<Result<PagedList<JobRun>>> ListAsync(CallContext call, string job, JobOutcome? outcome, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (Refuse(call, Permissions.SystemRead) is { } refused)
            return refused;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var runs = db.JobRuns.AsNoTracking().Where(run => run.Job == job);
        if (outcome is { } wanted)
            runs = runs.Where(run => run.Outcome == wanted);
        int? total = list.WithTotal ? await runs.CountAsync(cancellationToken) : null;
        return PagedList<JobRun>.Cut(await runs.OrderByDescending(run => run.Id).Skip(list.Skip).Take(list.Fetch).ToListAsync(cancellationToken), list, total);
    }

    /// <summary>Writes down a run that has ended.</summary>
    public async Task RecordAsync(JobRun run, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        db.JobRuns.Add(run);
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>True while the job's own times are to pass without a run.</summary>
    public async Task<bool> IsPausedAsync(string job, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        return await db.PausedJobs.AnyAsync(paused => paused.Job == job, cancellationToken);
    }

    /// <summary>Pauses a job, or resumes it. Needs <c>settings:write</c>, as staff. Conflict <c>job_paused</c> or <c>job_not_paused</c>.</summary>
    public async Task<Result<Unit>> PauseAsync(CallContext call, string job, bool paused, CancellationToken cancellationToken)
    {
        if (Refuse(call, Permissions.SettingsWrite) is { } refused)
            return refused;
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var known = await db.PausedJobs.SingleOrDefaultAsync(row => row.Job == job, cancellationToken);
        if (known is not null == paused)
            return paused ? Failure.Conflict("job_paused", "The job is already paused.") : Failure.Conflict("job_not_paused", "The job is not paused.");
        if (known is null)
            db.PausedJobs.Add(PausedJob.Create(job, call.Actor.Name, now));
        else
            db.PausedJobs.Remove(known);
        db.Audit(call, new AuditRecord(paused ? "job.paused" : "job.resumed", "job", IdOf(job), null, null, new { Job = job }), now);
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (UniqueViolationException)
        {
            return Failure.Conflict("job_paused", "The job is already paused.");
        }

        return default(Unit);
    }

    /// <summary>Writes down that somebody has a job run out of turn. Needs <c>billing-runs:start</c>, as staff.</summary>
    public async Task<Result<Unit>> AskedAsync(CallContext call, string job, CancellationToken cancellationToken)
    {
        if (Refuse(call, Permissions.BillingRunsStart) is { } refused)
            return refused;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        db.Audit(call, new AuditRecord("job.started", "job", IdOf(job), null, null, new { Job = job }), clock.GetUtcNow());
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }

    /// <summary>Forgets all runs of each job but the newest <see cref="Kept"/>, and failures after 30 days. Jobs only. Answers how many.</summary>
    public async Task<Result<int>> PruneAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Scope is not AccessScope.System)
            return Failure.Forbidden();
        var oldest = clock.GetUtcNow() - s_failuresKept;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var pruned = 0;
        foreach (var job in await db.JobRuns.Select(run => run.Job).Distinct().ToListAsync(cancellationToken))
        {
            var last = await db.JobRuns.Where(run => run.Job == job).OrderByDescending(run => run.Id).Select(run => run.Id).Skip(Kept).FirstOrDefaultAsync(cancellationToken);
            if (last != Guid.Empty)
                pruned += await db.JobRuns.Where(run => run.Job == job && run.Id <= last && (run.Outcome == JobOutcome.Done || run.FinishedAt < oldest)).ExecuteDeleteAsync(cancellationToken);
        }

        await db.CommitAsync(cancellationToken);
        return pruned;
    }

    private static Failure? Refuse(CallContext call, string permission)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.May(permission) && call.OrganisationId is null ? null : Failure.Forbidden();
    }
}

/// <summary>The last run of each job, and who paused which.</summary>
public sealed record JobStandings(IReadOnlyDictionary<string, JobRun> Last, IReadOnlyDictionary<string, PausedJob> Paused);
