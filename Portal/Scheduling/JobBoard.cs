using System.Collections.Concurrent;
using Portal.Core.Access;
using Portal.Core.Jobs;
using Portal.Core.Kernel;
using Quartz;

namespace Portal.Scheduling;

/// <summary>How a recurring job stands in the whole cluster.</summary>
/// <param name="Name">In the scheduler's tables.</param>
/// <param name="Every">The time between two runs; null where it has no such rhythm.</param>
/// <param name="Next">When it runs next; null while it is paused.</param>
/// <param name="IsRunning">True while a node runs it.</param>
/// <param name="IsFailing">True when the scheduler has given its trigger up.</param>
/// <param name="Last">Its last run; null while it has not run.</param>
/// <param name="Paused">Who paused it and when; null while it is not.</param>
public sealed record JobState(string Name, TimeSpan? Every, DateTimeOffset? Next, bool IsRunning, bool IsFailing, JobRun? Last, PausedJob? Paused);

/// <summary>The jobs of the scheduler, for staff to look at, to start out of turn, and to pause.</summary>
public sealed class JobBoard(IServiceProvider services, JobHistory history)
{
    // Many more than there are.
    private const int MaxJobs = 200;

    // A rhythm is set when the node starts, and asked of the scheduler one job at a time.
    private readonly ConcurrentDictionary<string, TimeSpan?> _rhythms = new(StringComparer.Ordinal);

    /// <summary>Needs <c>system:read</c>. Empty where this node has no scheduler.</summary>
    public async Task<Result<List<JobState>>> ListAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SystemRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (services.GetService<ISchedulerFactory>() is not { } schedulers)
            return new List<JobState>();
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var triggers = await scheduler.QueryTriggers(new TriggerQuery { Take = MaxJobs }, cancellationToken);
        var running = await scheduler.QueryFireInstances(new FireInstanceQuery { State = FireInstanceState.Executing, Take = MaxJobs }, cancellationToken);
        var jobs = triggers.Items.GroupBy(trigger => trigger.JobKey).OrderBy(job => job.Key.Name, StringComparer.Ordinal).ToList();
        var standings = await history.StandingsAsync(call, [.. jobs.Select(job => job.Key.Name)], cancellationToken);
        if (!standings.Succeeded)
            return standings.Failure;
        var states = new List<JobState>();
        foreach (var job in jobs)
        {
            var name = job.Key.Name;
            var paused = standings.Value.Paused.GetValueOrDefault(name);
            if (!_rhythms.TryGetValue(name, out var every))
                _rhythms[name] = every = await scheduler.GetTrigger(new TriggerKey(name), cancellationToken) is ISimpleTrigger { RepeatInterval: var interval } ? interval : null;
            states.Add(new JobState(
                name,
                every,
                paused is null ? job.Min(trigger => trigger.NextFireTimeUtc) : null,
                running.Items.Any(instance => job.Key.Equals(instance.JobKey)),
                job.Any(trigger => trigger.State == TriggerState.Error),
                standings.Value.Last.GetValueOrDefault(name),
                paused));
        }

        return states;
    }

    /// <summary>
    /// Has a job run as soon as a node is free, also while it is paused. Needs <c>billing-runs:start</c>; written to the audit log. Running twice
    /// does no harm: jobs find what is due.
    /// </summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.BillingRunsStart) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var found = await FindAsync(name, cancellationToken);
        if (!found.Succeeded)
            return found.Failure;
        var asked = await history.AskedAsync(call, name, cancellationToken);
        if (asked.Succeeded)
            await found.Value.TriggerJob(new JobKey(name), cancellationToken);
        return asked;
    }

    /// <summary>Pauses a job on every node, or resumes it. Needs <c>settings:write</c>; written to the audit log.</summary>
    public async Task<Result<Unit>> PauseAsync(CallContext call, string name, bool paused, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SettingsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var found = await FindAsync(name, cancellationToken);
        return found.Succeeded ? await history.PauseAsync(call, name, paused, cancellationToken) : found.Failure;
    }

    private async Task<Result<IScheduler>> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (services.GetService<ISchedulerFactory>() is not { } schedulers)
            return Failure.Unavailable("scheduler_off", "The scheduler is off on this node.");
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        return await scheduler.Exists(new JobKey(name), cancellationToken) ? Result<IScheduler>.From(scheduler) : Failure.NotFound("job");
    }
}
