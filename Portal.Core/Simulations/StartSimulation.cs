using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Settings;

namespace Portal.Core.Simulations;

/// <summary>Rings when a simulation was queued.</summary>
public sealed class SimulationBell : WorkBell;

/// <summary>A simulation that is asked for.</summary>
public sealed record StartSimulationRequest
{
    /// <summary>The last so many months that have ended, 1 to 12.</summary>
    public int? Months { get; init; }

    /// <summary>Only this organisation; null: all.</summary>
    public Guid? OrganisationId { get; init; }

    /// <summary>Whose bill rises by more than so many per cent is listed; 0 to 10,000, 25 when left out.</summary>
    public decimal? CliffPercent { get; init; }

    public SimulationDraft Draft { get; init; } = new();
}

/// <summary>Queues a simulation. Staff only; needs <c>simulations:write</c>. Fails with <c>invalid</c>, by field.</summary>
public sealed class StartSimulation(IBillingStore store, SimulationBell bell, TimeProvider clock)
{
    public async Task<Result<SimulationDetails>> RunAsync(CallContext call, StartSimulationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.SimulationsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var failures = new List<Failure>();
        if (request.Months is not (>= 1 and <= 12))
            failures.Add(Failure.Invalid("months", "Enter 1 to 12 months."));
        if (request.CliffPercent is < 0 or > 10_000)
            failures.Add(Failure.Invalid("cliffPercent", "Enter 0 to 10,000 percent."));
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var name = request.OrganisationId is { } organisation
            ? await db.Organisations.Where(row => row.Id == organisation).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken)
            : null;
        if (request.OrganisationId is not null && name is null)
            failures.Add(Failure.Invalid("organisationId", "Organisation not found."));
        var checkedDraft = await SimulationDraftRules.CheckAsync(db, request.Draft, cancellationToken);
        failures.AddRange(checkedDraft.Failures);
        if (failures.Count > 0)
            return failures;
        var now = clock.GetUtcNow();
        var simulation = Simulation.Queue(
            checkedDraft.Value.Draft, checkedDraft.Value.Title, Span(now, (await db.PlatformSettingsAsync(cancellationToken)).TimeZone, request.Months!.Value),
            request.OrganisationId, request.CliffPercent ?? 25, call.Actor.Name, now);
        db.Simulations.Add(simulation);
        db.Audit(call, new AuditRecord("simulation.started", "simulation", simulation.Id, simulation.OrganisationId, After: new { simulation.Title, simulation.Months, request.Draft }), now);
        await db.CommitAsync(cancellationToken);
        bell.Ring();
        return SimulationDetails.Of(simulation, name);
    }

    // By the seller's calendar, so that it is one day and one month for all.
    private static SimulationSpan Span(DateTimeOffset now, string zone, int months)
    {
        var today = TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var seller) ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, seller).DateTime) : DateOnly.FromDateTime(now.UtcDateTime);
        var last = new BillingMonth(today.Year, today.Month).Previous;
        return new SimulationSpan(BillingMonth.FromIndex(last.Index - months + 1), last, today);
    }
}

/// <summary>Calls a simulation off that has not ended. Staff only; needs <c>simulations:write</c>. Fails with <c>simulation_ended</c>.</summary>
public sealed class CancelSimulation(IBillingStore store, TimeProvider clock)
{
    public async Task<Result<SimulationDetails>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SimulationsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Simulation>(id, cancellationToken) is not { } simulation)
            return Failure.NotFound("simulation");
        if (simulation.State is not (SimulationState.Queued or SimulationState.Running))
            return Failure.Conflict("simulation_ended", "The simulation has already ended.");
        var now = clock.GetUtcNow();
        simulation.Cancel(now);
        db.Audit(call, new AuditRecord("simulation.cancelled", "simulation", id, simulation.OrganisationId, After: new { simulation.Done, simulation.Total }), now);
        var name = await db.Organisations.Where(row => row.Id == simulation.OrganisationId).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return SimulationDetails.Of(simulation, name);
    }
}

/// <summary>Says whether a simulation waits to be worked on, or to be taken over.</summary>
public sealed class FindWaitingSimulation(IBillingStore store, ISimulationQueue queue, TimeProvider clock)
{
    public async Task<bool> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await queue.IsWaitingAsync(db, clock.GetUtcNow(), cancellationToken);
    }
}
