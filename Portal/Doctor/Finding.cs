namespace Portal.Doctor;

/// <summary>How something stands.</summary>
public enum FindingState
{
    Good,

    /// <summary>Works, and wants looking at.</summary>
    Warning,

    /// <summary>Something does not work.</summary>
    Bad,

    /// <summary>Not set up, and may stay so.</summary>
    Skipped,
}

/// <summary>What a look at one part of the installation found.</summary>
/// <param name="Name">The part.</param>
/// <param name="State">How it stands.</param>
/// <param name="Found">What was seen, with its figure.</param>
/// <param name="Advice">What to do; null when there is nothing to do.</param>
public sealed record Finding(string Name, FindingState State, string Found, string? Advice = null);

/// <summary>Looks at one part of the installation.</summary>
internal interface IExamination
{
    /// <summary>The part.</summary>
    string Name { get; }

    /// <summary>Looks. An exception is a finding, too: its message names what failed, never a secret.</summary>
    Task<Finding> LookAsync(CancellationToken cancellationToken);
}
