using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Kernel;
using Portal.Core.Organisations;

namespace Portal.Core.Simulations;

/// <summary>
/// Works off a simulation: claims it by a lease, writes down its organisations, and replays them chunk by chunk. What is replayed is read in a session
/// that can't write; the results go in one of their own that ends by checking the lease. Killed anywhere, the next node goes on with what is left.
/// </summary>
public sealed class RunSimulation(IBillingStore store, ISimulationQueue queue, ISimulationInputs inputs, IOptions<BillingOptions> options, TimeProvider clock, ILogger<RunSimulation> logger)
{
    private static readonly CallContext s_call = CallContext.System("simulation", "Replays the months of every organisation.");

    /// <summary>Works off the one that waits longest; false when none waits.</summary>
    public async Task<bool> RunNextAsync(CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken) is not { } lease)
            return false;
        try
        {
            await WorkAsync(lease, cancellationToken);
        }
        catch (LeaseLostException)
        {
            SimulationLog.LeaseLost(logger, lease.Id);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await InSessionAsync(db => queue.ReleaseAsync(db, lease, CancellationToken.None), CancellationToken.None);
            throw;
        }
        catch (Exception exception) when (DatabaseFault.IsTransient(exception) && lease.Attempts < options.Value.MaxAttempts)
        {
            // The lease is left to run out: that is the pause before the next attempt.
            SimulationLog.Interrupted(logger, lease.Id, exception);
        }
#pragma warning disable CA1031 // Whatever it was is on the simulation for staff to see, and in the log.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            SimulationLog.Failed(logger, lease.Id, exception);
            await EndAsync(lease, SimulationState.Failed, Describe(exception), cancellationToken);
        }

        return true;
    }

    private async Task<SimulationLease?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_call.Scope, cancellationToken);
        var now = clock.GetUtcNow();
        var lease = await queue.ClaimAsync(db, now, LeaseEnd(now), cancellationToken);
        await db.CommitAsync(cancellationToken);
        return lease;
    }

    private async Task WorkAsync(SimulationLease lease, CancellationToken cancellationToken)
    {
        if (!lease.IsPlanned)
            await InSessionAsync(db => queue.PlanAsync(db, lease, clock.GetUtcNow(), cancellationToken), cancellationToken);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<Guid> organisations;
            await using (var db = await store.OpenAsync(s_call.Scope, cancellationToken))
                organisations = await queue.PendingAsync(db, lease, options.Value.ChunkSize, cancellationToken);
            if (organisations.Count == 0)
                break;
            var outcomes = await ReplayAsync(lease, organisations, cancellationToken);
            await InSessionAsync(db => queue.RecordAsync(db, lease, outcomes, LeaseEnd(clock.GetUtcNow()), cancellationToken), cancellationToken);
        }

        await InSessionAsync(db => queue.FinishAsync(db, lease, SimulationState.Completed, null, clock.GetUtcNow(), cancellationToken), cancellationToken);
    }

    private async Task<IReadOnlyList<SimulationOutcome>> ReplayAsync(SimulationLease lease, IReadOnlyList<Guid> organisations, CancellationToken cancellationToken)
    {
        SimulationInput input;
        await using (var db = await store.OpenAsync(s_call.Scope, cancellationToken))
            input = await inputs.LoadAsync(db, organisations, lease.Span, lease.CreatedAt, cancellationToken);
        var replay = new Replay(input, lease.Span, lease.Draft, lease.CliffPercent);
        var found = input.Organisations.ToDictionary(organisation => organisation.Id);
        return [.. organisations.Select(id => found.TryGetValue(id, out var organisation) ? Outcome(lease, replay, organisation) : new SimulationOutcome(id, null, "The organisation no longer exists."))];
    }

    private SimulationOutcome Outcome(SimulationLease lease, Replay replay, Organisation organisation)
    {
        try
        {
            return new SimulationOutcome(organisation.Id, replay.Of(organisation));
        }
        catch (NotConvertedException exception)
        {
            return new SimulationOutcome(organisation.Id, null, exception.Message);
        }
#pragma warning disable CA1031 // One organisation that can't be replayed is parked with its reason; the work goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            SimulationLog.OrganisationFailed(logger, lease.Id, organisation.Id, exception);
            return new SimulationOutcome(organisation.Id, null, Describe(exception));
        }
    }

    private async Task EndAsync(SimulationLease lease, SimulationState state, string error, CancellationToken cancellationToken)
    {
        try
        {
            await InSessionAsync(db => queue.FinishAsync(db, lease, state, error, clock.GetUtcNow(), cancellationToken), cancellationToken);
        }
        catch (LeaseLostException)
        {
            // Called off meanwhile: that stands.
        }
    }

    private async Task InSessionAsync(Func<IBillingDb, Task> work, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_call.Scope, cancellationToken);
        await work(db);
        await db.CommitAsync(cancellationToken);
    }

    private static string Describe(Exception exception) =>
        exception is OverflowException ? "An amount is too large to be computed." : $"Unexpected failure: {exception.GetType().Name}. The log has the details.";

    private DateTimeOffset LeaseEnd(DateTimeOffset now) => now.AddSeconds(options.Value.LeaseSeconds);
}

internal static partial class SimulationLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Simulation {Id} was called off, or another node works on it")]
    public static partial void LeaseLost(ILogger logger, Guid id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Simulation {Id} was interrupted and will be taken up again")]
    public static partial void Interrupted(ILogger logger, Guid id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Simulation {Id} failed")]
    public static partial void Failed(ILogger logger, Guid id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Simulation {Id}: organisation {OrganisationId} could not be replayed")]
    public static partial void OrganisationFailed(ILogger logger, Guid id, Guid organisationId, Exception exception);
}
