using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.Simulations;

/// <summary>A simulation and how far it is.</summary>
public sealed record SimulationDetails(
    Guid Id,
    SimulationKind Kind,
    string Title,
    SimulationDraft Draft,
    BillingMonth First,
    BillingMonth Last,
    DateOnly PricedOn,
    Guid? OrganisationId,
    string? OrganisationName,
    decimal CliffPercent,
    SimulationState State,
    int Total,
    int Done,
    int Failed,
    string? Error,
    string StartedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt)
{
    public int Months => Last.Index - First.Index + 1;

    public bool HasEnded => State is SimulationState.Completed or SimulationState.Failed or SimulationState.Cancelled;

    internal static SimulationDetails Of(Simulation simulation, string? organisationName) => new(
        simulation.Id, simulation.Kind, simulation.Title, SimulationDraft.Read(simulation.Draft), simulation.First, simulation.Last, simulation.PricedOn, simulation.OrganisationId, organisationName,
        simulation.CliffPercent, simulation.State, simulation.Total, simulation.Done, simulation.Failed, simulation.Error, simulation.StartedBy, simulation.CreatedAt, simulation.StartedAt, simulation.FinishedAt);
}

/// <summary>How bills change; a band of per cent of the current one.</summary>
public enum SimulationBand
{
    /// <summary>By more than 50 per cent less.</summary>
    MuchLess,

    /// <summary>By 50 to above 20 per cent less.</summary>
    Less,

    /// <summary>By at most 20 per cent less.</summary>
    LittleLess,

    Same,

    /// <summary>By at most 20 per cent more.</summary>
    LittleMore,

    /// <summary>By above 20 to 50 per cent more.</summary>
    More,

    /// <summary>By above 50 per cent more, or something instead of nothing.</summary>
    MuchMore,
}

/// <summary>What a simulation comes to in one currency; before tax.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Current">All months of all organisations, under what is in force today.</param>
/// <param name="Simulated">The same under the draft.</param>
/// <param name="Organisations">How many.</param>
/// <param name="More">How many pay more.</param>
/// <param name="Less">How many pay less.</param>
/// <param name="Cliffs">How many pay more by more than the limit.</param>
/// <param name="Unpriced">How many have usage that nothing prices under the draft.</param>
/// <param name="Bands">How many there are in each band.</param>
public sealed record SimulationSummary(string Currency, decimal Current, decimal Simulated, int Organisations, int More, int Less, int Cliffs, int Unpriced, IReadOnlyDictionary<SimulationBand, int> Bands)
{
    public decimal Difference => Simulated - Current;

    public int Same => Organisations - More - Less;
}

/// <summary>A simulation with what it came to so far, by currency; those with most organisations first.</summary>
public sealed record SimulationOverview(SimulationDetails Simulation, IReadOnlyList<SimulationSummary> Currencies);

/// <summary>One simulation. Staff only; needs <c>simulations:read</c>.</summary>
public sealed class GetSimulation(IBillingStore store)
{
    public async Task<Result<SimulationOverview>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SimulationsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.Simulations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } simulation)
            return Failure.NotFound("simulation");
        var name = await db.Organisations.Where(row => row.Id == simulation.OrganisationId).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken);
        var bands = await db.SimulationResults.Where(row => row.SimulationId == id && row.State == SimulationResultState.Done)
            .GroupBy(row => new
            {
                row.Currency,
                Band = row.Difference == 0 ? SimulationBand.Same
                    : row.Difference < 0 ? (row.Percent < -50 ? SimulationBand.MuchLess : row.Percent < -20 ? SimulationBand.Less : SimulationBand.LittleLess)
                    : row.Percent == null || row.Percent > 50 ? SimulationBand.MuchMore : row.Percent > 20 ? SimulationBand.More : SimulationBand.LittleMore,
            })
            .Select(group => new
            {
                group.Key.Currency,
                group.Key.Band,
                Count = group.Count(),
                Current = group.Sum(row => row.Current),
                Simulated = group.Sum(row => row.Simulated),
                Cliffs = group.Count(row => row.Jump != null),
                Unpriced = group.Count(row => row.Unpriced > 0),
            })
            .ToListAsync(cancellationToken);
        var currencies = bands.GroupBy(row => row.Currency!, StringComparer.Ordinal)
            .Select(group => new SimulationSummary(
                group.Key,
                group.Sum(row => row.Current),
                group.Sum(row => row.Simulated),
                group.Sum(row => row.Count),
                group.Where(row => row.Band > SimulationBand.Same).Sum(row => row.Count),
                group.Where(row => row.Band < SimulationBand.Same).Sum(row => row.Count),
                group.Sum(row => row.Cliffs),
                group.Sum(row => row.Unpriced),
                group.ToDictionary(row => row.Band, row => row.Count)))
            .OrderByDescending(row => row.Organisations).ThenBy(row => row.Currency, StringComparer.Ordinal);
        return new SimulationOverview(SimulationDetails.Of(simulation, name), [.. currencies]);
    }
}

/// <summary>Lists simulations, newest first; paged by skip or after an id. Staff only; needs <c>simulations:read</c>.</summary>
public sealed class ListSimulations(IBillingStore store)
{
    public async Task<Result<PagedList<SimulationDetails>>> RunAsync(CallContext call, SimulationState? state, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.SimulationsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        IQueryable<Simulation> simulations = db.Simulations;
        if (state is { } wanted)
            simulations = simulations.Where(row => row.State == wanted);
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var pattern = LikePattern.Containing(list.Search);
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            simulations = simulations.Where(row => EF.Functions.Like(row.Title.ToLower(), pattern, @"\"));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        int? total = list.WithTotal ? await simulations.CountAsync(cancellationToken) : null;
        simulations = simulations.OrderByDescending(row => row.Id);
        simulations = list.After is { } after ? simulations.Where(row => row.Id < after) : simulations.Skip(list.Skip);
        var rows = await simulations.Take(list.Fetch).AsNoTracking()
            .Select(row => new { Simulation = row, Organisation = db.Organisations.Where(organisation => organisation.Id == row.OrganisationId).Select(organisation => organisation.Name).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        return PagedList<SimulationDetails>.Cut([.. rows.Select(row => SimulationDetails.Of(row.Simulation, row.Organisation))], list, total);
    }
}

/// <summary>Which organisations of a simulation are asked for; what is null or false does not apply.</summary>
/// <param name="Change"><c>more</c>, <c>less</c>, <c>same</c>, <c>cliff</c>, <c>unpriced</c>, <c>failed</c>; or a band: <c>down_over_50</c>, <c>down_20_50</c>, <c>down_to_20</c>, <c>up_to_20</c>, <c>up_20_50</c>, <c>up_over_50</c>.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record SimulationResultFilter(string? Change = null, string? Currency = null);

/// <summary>An organisation of a simulation.</summary>
public sealed record SimulationRow(
    Guid OrganisationId,
    string OrganisationName,
    SimulationResultState State,
    string? Currency,
    decimal Current,
    decimal Simulated,
    decimal Difference,
    decimal? Percent,
    IReadOnlyList<SimulatedMonth> Months,
    int Unpriced,
    SimulatedJump? Jump,
    string? Reason);

/// <summary>
/// Lists what organisations would pay, newest organisation first. Sorts by <c>name</c>, <c>current</c>, <c>simulated</c>, <c>difference</c> and
/// <c>percent</c>; searches the name; paged by skip, or after an organisation's id. Staff only; needs <c>simulations:read</c>.
/// </summary>
public sealed class ListSimulationResults(IBillingStore store)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public async Task<Result<PagedList<SimulationRow>>> RunAsync(CallContext call, Guid simulationId, SimulationResultFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.SimulationsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (!await db.Simulations.AnyAsync(row => row.Id == simulationId, cancellationToken))
            return Failure.NotFound("simulation");
        var rows =
            from result in Filtered(db.SimulationResults.Where(row => row.SimulationId == simulationId), filter)
            join organisation in db.Organisations on result.OrganisationId equals organisation.Id
            select new Joined { Result = result, Name = organisation.Name };
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var pattern = LikePattern.Containing(list.Search);
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            rows = rows.Where(row => EF.Functions.Like(row.Name.ToLower(), pattern, @"\"));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        int? total = list.WithTotal ? await rows.CountAsync(cancellationToken) : null;
        rows = list.After is { } after ? rows.Where(row => row.Result.OrganisationId < after).OrderByDescending(row => row.Result.OrganisationId)
            : list.Sort is null ? rows.OrderByDescending(row => row.Result.OrganisationId).Skip(list.Skip)
            : Sorted(rows, list.Sort, list.Descending).ThenBy(row => row.Result.OrganisationId).Skip(list.Skip);
        var found = await rows.Take(list.Fetch).AsNoTracking().ToListAsync(cancellationToken);
        return PagedList<SimulationRow>.Cut([.. found.Select(row => Row(row.Result, row.Name))], list, total);
    }

    /// <summary>One organisation of a simulation.</summary>
    public async Task<Result<SimulationRow>> OneAsync(CallContext call, Guid simulationId, Guid organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SimulationsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var found = await (
            from result in db.SimulationResults.AsNoTracking()
            where result.SimulationId == simulationId && result.OrganisationId == organisationId
            join organisation in db.Organisations on result.OrganisationId equals organisation.Id
            select new Joined { Result = result, Name = organisation.Name }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? Failure.NotFound("organisation of this simulation") : Row(found.Result, found.Name);
    }

    private static IQueryable<SimulationResult> Filtered(IQueryable<SimulationResult> rows, SimulationResultFilter filter)
    {
        if (filter.Currency is { } currency)
            rows = rows.Where(row => row.Currency == currency);
        return filter.Change switch
        {
            "more" => rows.Where(row => row.State == SimulationResultState.Done && row.Difference > 0),
            "less" => rows.Where(row => row.State == SimulationResultState.Done && row.Difference < 0),
            "same" => rows.Where(row => row.State == SimulationResultState.Done && row.Difference == 0),
            "cliff" => rows.Where(row => row.Jump != null),
            "unpriced" => rows.Where(row => row.Unpriced > 0),
            "failed" => rows.Where(row => row.State == SimulationResultState.Failed),
            "down_over_50" => rows.Where(row => row.Difference < 0 && row.Percent < -50),
            "down_20_50" => rows.Where(row => row.Difference < 0 && row.Percent >= -50 && row.Percent < -20),
            "down_to_20" => rows.Where(row => row.Difference < 0 && row.Percent >= -20),
            "up_to_20" => rows.Where(row => row.Difference > 0 && row.Percent <= 20),
            "up_20_50" => rows.Where(row => row.Difference > 0 && row.Percent > 20 && row.Percent <= 50),
            "up_over_50" => rows.Where(row => row.Difference > 0 && (row.Percent == null || row.Percent > 50)),
            _ => rows.Where(row => row.State != SimulationResultState.Pending),
        };
    }

    private static IOrderedQueryable<Joined> Sorted(IQueryable<Joined> rows, string? sort, bool descending) => (sort, descending) switch
    {
        ("name", false) => rows.OrderBy(row => row.Name),
        ("name", true) => rows.OrderByDescending(row => row.Name),
        ("current", false) => rows.OrderBy(row => row.Result.Currency).ThenBy(row => row.Result.Current),
        ("current", true) => rows.OrderBy(row => row.Result.Currency).ThenByDescending(row => row.Result.Current),
        ("simulated", false) => rows.OrderBy(row => row.Result.Currency).ThenBy(row => row.Result.Simulated),
        ("simulated", true) => rows.OrderBy(row => row.Result.Currency).ThenByDescending(row => row.Result.Simulated),
        ("percent", false) => rows.OrderBy(row => row.Result.Percent),
        ("percent", true) => rows.OrderByDescending(row => row.Result.Difference > 0 && row.Result.Percent == null).ThenByDescending(row => row.Result.Percent),
        (_, false) => rows.OrderBy(row => row.Result.Currency).ThenBy(row => row.Result.Difference),
        (_, true) => rows.OrderBy(row => row.Result.Currency).ThenByDescending(row => row.Result.Difference),
    };

    private static SimulationRow Row(SimulationResult result, string name) => new(
        result.OrganisationId, name, result.State, result.Currency, result.Current, result.Simulated, result.Difference, result.Percent,
        JsonSerializer.Deserialize<IReadOnlyList<SimulatedMonth>>(result.Months, s_json) ?? [], result.Unpriced,
        result.Jump is { } jump ? JsonSerializer.Deserialize<SimulatedJump>(jump, s_json) : null, result.Reason);

    private sealed record Joined
    {
        public required SimulationResult Result { get; init; }

        public required string Name { get; init; }
    }
}
