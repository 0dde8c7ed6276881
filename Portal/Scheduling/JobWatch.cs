using Portal.Core.Jobs;
using Quartz;

namespace Portal.Scheduling;

/// <summary>
/// Stands around every run of a job: lets the times of a paused job pass, and writes down what became of a run, on whichever node. Pauses are
/// kept in our own table, not in the scheduler's, whose triggers are made anew at every start. A run that can't be written down is none the worse for it.
/// </summary>
internal sealed class JobWatch(JobHistory history, TimeProvider clock, ILogger<JobWatch> logger) : IJobExecutionMiddleware
{
    public async ValueTask Invoke(IJobExecutionContext context, JobExecutionDelegate next, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(next);
        var job = context.JobDetail.Key.Name;
        // A job's own trigger has its name; those of people who ask for a run have not, and they mean it also while it is paused.
        var isOutOfTurn = !string.Equals(context.Trigger.Key.Name, job, StringComparison.Ordinal);
        if (!isOutOfTurn && await IsPausedAsync(job, cancellationToken))
            return;
        var started = clock.GetTimestamp();
        string? error = null;
        try
        {
            await next(context, cancellationToken);
        }
        catch (Exception exception)
        {
            error = exception.GetBaseException().Message.ReplaceLineEndings(" ");
            throw;
        }
        finally
        {
            await WriteAsync(JobRun.Ended(job, Environment.MachineName, isOutOfTurn, clock.GetElapsedTime(started), error, clock.GetUtcNow()));
        }
    }

    private async Task<bool> IsPausedAsync(string job, CancellationToken cancellationToken)
    {
        try
        {
            return await history.IsPausedAsync(job, cancellationToken);
        }
#pragma warning disable CA1031 // Without the database nothing says that it is paused; the job finds out for itself that it can't work.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.PauseUnknown(logger, job, exception);
            return false;
        }
    }

    // Without the firing's token: what was done is written down also while the host shuts down.
    private async Task WriteAsync(JobRun run)
    {
        try
        {
            await history.RecordAsync(run, CancellationToken.None);
        }
#pragma warning disable CA1031 // The database may be away, which is what the job itself will have failed with.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RunNotWritten(logger, run.Job, exception);
        }
    }
}
