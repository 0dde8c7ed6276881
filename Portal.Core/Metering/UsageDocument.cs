namespace Portal.Core.Metering;

/// <summary>Why a body as a whole can't be read.</summary>
public enum DocumentProblem
{
    None,

    /// <summary>Not JSON, not UTF-8, or more than one value.</summary>
    Malformed,

    /// <summary>JSON, but neither an event nor a list of them.</summary>
    NoEvents,

    /// <summary>An object that is both an event and an envelope, or has two lists.</summary>
    Ambiguous,

    TooManyEvents,
}

/// <summary>What a body holds.</summary>
/// <param name="IsSingle">One event by itself, not in a list: it is answered by itself.</param>
/// <param name="Events">The good ones, in the order of the body.</param>
/// <param name="Rejected">The bad ones.</param>
/// <param name="Problem">Other than None: nothing of the body counts.</param>
public sealed record UsageDocument(bool IsSingle, IReadOnlyList<UsageEventDraft> Events, IReadOnlyList<RejectedEvent> Rejected, DocumentProblem Problem = DocumentProblem.None)
{
    internal static UsageDocument Refused(DocumentProblem problem) => new(false, [], [], problem);
}
