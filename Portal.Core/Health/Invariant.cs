using Portal.Core.Kernel;

namespace Portal.Core.Health;

/// <summary>Something that must hold at any time, whatever fails.</summary>
/// <param name="Id">Stable, e.g. <c>I1</c>.</param>
/// <param name="Title">What must hold, in one sentence.</param>
public sealed record Invariant(string Id, string Title);

/// <summary>What a look at an invariant found.</summary>
/// <param name="Id">Of the invariant.</param>
/// <param name="Title">What must hold.</param>
/// <param name="Ok">True when it holds.</param>
/// <param name="Detail">How much was looked at and how much of it breaks the rule; or why it could not be looked at.</param>
public sealed record InvariantResult(string Id, string Title, bool Ok, string Detail);

/// <summary>A row that breaks a rule, or that the breach hangs on.</summary>
/// <param name="Kind">What it is: <c>invoice</c>, <c>payment</c>, <c>organisation</c>, <c>billing_run</c>, <c>job</c>, <c>audit</c>, <c>email</c>.</param>
/// <param name="Key">Its id; a job's name.</param>
/// <param name="Label">For people: a number, a name.</param>
public sealed record InvariantFinding(string Kind, string Key, string Label);

/// <summary>Looks at invariants in the database.</summary>
public interface IInvariantProbe
{
    /// <summary>What can be looked at, in order.</summary>
    IReadOnlyList<Invariant> Invariants { get; }

    /// <summary>Looks at one, within bounded time, in a session of its own. A look that fails or takes too long is a result, too.</summary>
    Task<InvariantResult> CheckAsync(IBillingDb db, Invariant invariant, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Rows that break one, at most twenty; none for a rule that is not about rows.</summary>
    Task<IReadOnlyList<InvariantFinding>> FindAsync(IBillingDb db, Invariant invariant, DateTimeOffset now, CancellationToken cancellationToken);
}
