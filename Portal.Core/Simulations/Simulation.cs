using Portal.Core.Metering;

namespace Portal.Core.Simulations;

/// <summary>How far a simulation is; stored as text.</summary>
public enum SimulationState
{
    Queued,
    Running,
    Completed,

    /// <summary>Ended without being able to go on; the reason is on it.</summary>
    Failed,

    /// <summary>Called off by a person; what was replayed until then is kept.</summary>
    Cancelled,
}

/// <summary>What is tried out; stored as text.</summary>
public enum SimulationKind
{
    /// <summary>One price in place of another, or where there was none.</summary>
    Price,

    /// <summary>A plan's fee, commitment and prices.</summary>
    Plan,
}

/// <summary>
/// The months that have been, replayed for every organisation under a draft, beside the same months under what is in force today. Writes nothing but
/// its own rows. Can be killed at any point and goes on with the organisations that are left.
/// </summary>
public sealed class Simulation
{
    private Simulation() { }

    public Guid Id { get; private set; }

    public SimulationKind Kind { get; private set; }

    /// <summary>What is tried out, in a line.</summary>
    public string Title { get; private set; } = "";

    /// <summary>JSON of the <see cref="SimulationDraft"/>.</summary>
    public string Draft { get; private set; } = "";

    /// <summary>The first month that is replayed, as <see cref="BillingMonth.Index"/>.</summary>
    public int FirstMonth { get; private set; }

    /// <summary>The last month that is replayed, as <see cref="BillingMonth.Index"/>.</summary>
    public int LastMonth { get; private set; }

    /// <summary>The day whose prices, plans and discounts are <em>today's</em>; it stays the same however long the work takes.</summary>
    public DateOnly PricedOn { get; private set; }

    /// <summary>Only this organisation; null: all.</summary>
    public Guid? OrganisationId { get; private set; }

    /// <summary>Whose bill rises by more than so many per cent stands on the list of cliffs.</summary>
    public decimal CliffPercent { get; private set; }

    public SimulationState State { get; private set; }

    public int Total { get; private set; }

    public int Done { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; private set; }

    public string StartedBy { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? StartedAt { get; private set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>When its organisations were written down.</summary>
    public DateTimeOffset? PlannedAt { get; private set; }

    /// <summary>While a node works on it; after this another may take over.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>Names the node's hold on it.</summary>
    public Guid? LeaseToken { get; private set; }

    /// <summary>How often a node took it up.</summary>
    public int Attempts { get; private set; }

    public BillingMonth First => BillingMonth.FromIndex(FirstMonth);

    public BillingMonth Last => BillingMonth.FromIndex(LastMonth);

    /// <summary>1 to 12.</summary>
    public int Months => LastMonth - FirstMonth + 1;

    public static Simulation Queue(SimulationDraft draft, string title, SimulationSpan span, Guid? organisationId, decimal cliffPercent, string startedBy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(span);
        return new Simulation
        {
            Id = Guid.CreateVersion7(now),
            Kind = draft.Plan is null ? SimulationKind.Price : SimulationKind.Plan,
            Title = title,
            Draft = draft.Write(),
            FirstMonth = span.First.Index,
            LastMonth = span.Last.Index,
            PricedOn = span.PricedOn,
            OrganisationId = organisationId,
            CliffPercent = cliffPercent,
            StartedBy = startedBy,
            CreatedAt = now,
        };
    }

    /// <summary>Calls it off; who works on it notices with its next step.</summary>
    public void Cancel(DateTimeOffset now)
    {
        if (State is not (SimulationState.Queued or SimulationState.Running))
            throw new Kernel.IllegalTransitionException("The simulation has already ended.");
        (State, FinishedAt, LeaseToken, LeaseUntil) = (SimulationState.Cancelled, now, null, null);
    }
}

/// <summary>Which months are replayed, and by which day's prices.</summary>
/// <param name="First">The first month.</param>
/// <param name="Last">The last month, over by then.</param>
/// <param name="PricedOn">The day whose prices, plans and discounts hold.</param>
public sealed record SimulationSpan(BillingMonth First, BillingMonth Last, DateOnly PricedOn)
{
    public IEnumerable<BillingMonth> Months => Enumerable.Range(First.Index, Last.Index - First.Index + 1).Select(BillingMonth.FromIndex);
}

/// <summary>Where an organisation of a simulation stands; stored as text.</summary>
public enum SimulationResultState
{
    Pending,
    Done,

    /// <summary>It could not be replayed; the reason is on the row.</summary>
    Failed,
}

/// <summary>What an organisation would have paid for the months together: before tax, after discounts, in its currency.</summary>
public sealed class SimulationResult
{
    private SimulationResult() { }

    public Guid SimulationId { get; private set; }

    public Guid OrganisationId { get; private set; }

    public SimulationResultState State { get; private set; }

    /// <summary>ISO 4217; null until it is replayed.</summary>
    public string? Currency { get; private set; }

    /// <summary>Under what is in force today.</summary>
    public decimal Current { get; private set; }

    /// <summary>Under the draft.</summary>
    public decimal Simulated { get; private set; }

    /// <summary>Simulated less current; the database computes it.</summary>
    public decimal Difference { get; private set; }

    /// <summary>The difference in per cent of the current; null where that is nothing.</summary>
    public decimal? Percent { get; private set; }

    /// <summary>JSON of <see cref="SimulatedMonth"/>s, in order.</summary>
    public string Months { get; private set; } = "[]";

    /// <summary>Combinations of metric and unit that the draft leaves without a price; they count nothing on either side where nothing prices them.</summary>
    public int Unpriced { get; private set; }

    /// <summary>JSON of the <see cref="SimulatedJump"/>: set where the bill rises by more than the simulation's limit.</summary>
    public string? Jump { get; private set; }

    /// <summary>Why it could not be replayed.</summary>
    public string? Reason { get; private set; }
}

/// <summary>A month of an organisation.</summary>
/// <param name="Month">As <c>2026-10</c>.</param>
/// <param name="Current">Under what is in force today.</param>
/// <param name="Simulated">Under the draft.</param>
public sealed record SimulatedMonth(string Month, decimal Current, decimal Simulated);

/// <summary>The month in which a bill rises most, and what makes it.</summary>
/// <param name="Month">As <c>2026-10</c>.</param>
/// <param name="Current">The month's bill today.</param>
/// <param name="Simulated">The month's bill under the draft.</param>
/// <param name="MetricName">The metric whose line rises most; null: a fee or a commitment.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Quantity">What was used of it.</param>
/// <param name="Threshold">The bound that the quantity has passed in the draft's tiers; null where the draft has none below it.</param>
public sealed record SimulatedJump(string Month, decimal Current, decimal Simulated, string? MetricName, string? Unit, decimal? Quantity, decimal? Threshold);
