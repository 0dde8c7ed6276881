namespace Portal.Core.Kernel;

/// <summary>Why an action was refused. The set is closed: the edge maps every kind to one HTTP status.</summary>
public enum FailureKind
{
    /// <summary>The input breaks a rule; 422.</summary>
    Invalid,

    /// <summary>Nothing by that id inside the caller's scope; 404.</summary>
    NotFound,

    /// <summary>The caller may not do this; 403.</summary>
    Forbidden,

    /// <summary>The state does not allow it, or somebody was faster; 409.</summary>
    Conflict,

    /// <summary>A part that is needed is away for now; 503.</summary>
    Unavailable,
}

/// <summary>An expected refusal.</summary>
/// <param name="Kind">What sort of refusal.</param>
/// <param name="Code">Stable, snake_case, for programs.</param>
/// <param name="Message">For people: what is wrong and what to do next.</param>
/// <param name="Field">The input that it belongs to, in camelCase, when there is one.</param>
public sealed record Failure(FailureKind Kind, string Code, string Message, string? Field = null)
{
    public static Failure Invalid(string field, string message, string code = "invalid") => new(FailureKind.Invalid, code, message, field);

    public static Failure NotFound(string what) => new(FailureKind.NotFound, "not_found", $"{char.ToUpperInvariant(what[0])}{what[1..]} not found.");

    public static Failure Forbidden(string message = "You don't have permission to do this.") => new(FailureKind.Forbidden, "forbidden", message);

    public static Failure Conflict(string code, string message) => new(FailureKind.Conflict, code, message);

    public static Failure Unavailable(string code, string message) => new(FailureKind.Unavailable, code, message);
}

/// <summary>Nothing to return.</summary>
public readonly record struct Unit;

/// <summary>The outcome of an action: a value, or one or more failures of one kind.</summary>
public sealed class Result<T>
{
    private readonly T? _value;

    private Result(T? value, IReadOnlyList<Failure> failures) => (_value, Failures) = (value, failures);

    /// <summary>Empty when the action succeeded.</summary>
    public IReadOnlyList<Failure> Failures { get; }

    public bool Succeeded => Failures.Count == 0;

    /// <summary>The first failure; only when the action failed.</summary>
    public Failure Failure => Failures.Count > 0 ? Failures[0] : throw new InvalidOperationException("The action succeeded.");

    /// <summary>The value; only when the action succeeded.</summary>
    public T Value => Succeeded ? _value! : throw new InvalidOperationException($"The action failed: {Failures[0].Code} {Failures[0].Message}");

#pragma warning disable CA1000 // The implicit conversions below need them; callers never name them.
    public static Result<T> From(T value) => new(value, []);

    public static Result<T> From(params IReadOnlyList<Failure> failures) => failures.Count == 0
        ? throw new ArgumentException("At least one failure.", nameof(failures))
        : new(default, failures);
#pragma warning restore CA1000

    public static implicit operator Result<T>(T value) => From(value);

    public static implicit operator Result<T>(Failure failure) => From([failure]);

    public static implicit operator Result<T>(List<Failure> failures) => From(failures);
}
