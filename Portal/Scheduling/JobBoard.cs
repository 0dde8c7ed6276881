using Portal.Core.Access;
using Portal.Core.Kernel;
using Quartz;

namespace Portal.Scheduling;

/// <summary>How a recurring job stands in the whole cluster.</summary>
/// <param name="Name">In the scheduler's tables.</param>
/// <param name="Last">When it last ran; null while it has not.</param>
/// <param name="Next">When it runs next.</param>
/// <param name="IsRunning">True while a node runs it.</param>
/// <param name="IsFailing">True when the scheduler has given its trigger up.</param>
public sealed record JobState(string Name, DateTimeOffset? Last, DateTimeOffset? Next, bool IsRunning, bool IsFailing);

/// <summary>The jobs of the scheduler, for staff to look at and to start out of turn.</summary>
public sealed class JobBoard(IServiceProvider services)
{
    // Many more than there are.
    private const int MaxJobs = 200;

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
        return triggers.Items.GroupBy(trigger => trigger.JobKey)
            .Select(job => new JobState(
                job.Key.Name,
                job.Max(trigger => trigger.PreviousFireTimeUtc),
                job.Min(trigger => trigger.NextFireTimeUtc),
                running.Items.Any(instance => job.Key.Equals(instance.JobKey)),
                job.Any(trigger => trigger.State == TriggerState.Error)))
            .OrderBy(state => state.Name, StringComparer.Ordinal)
            .ToList();
    }

    /// <summary>Has a job run as soon as a node is free. Needs <c>billing-runs:start</c>. Running twice does no harm: jobs find what is due.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.BillingRunsStart) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (services.GetService<ISchedulerFactory>() is not { } schedulers)
            return Failure.Unavailable("scheduler_off", "The scheduler is off on this node.");
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var key = new JobKey(name);
        if (!await scheduler.Exists(key, cancellationToken))
            return Failure.NotFound("job");
        await scheduler.TriggerJob(key, cancellationToken);
        return default(Unit);
    }
}
