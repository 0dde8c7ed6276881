using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>
/// What matters most is asked again: a person may do it only for a while after proving who they are. An action calls
/// <see cref="Check"/> first; the pages answer its failure with a dialog that asks and then tries again.
/// </summary>
public static class StepUp
{
    /// <summary>The code of the failure that asks.</summary>
    public const string Code = "confirm_identity";

    /// <summary>How long a proof counts.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    /// <summary>The failure when the person must prove who they are first; null for keys and jobs, which have nobody to ask.</summary>
    public static Failure? Check(CallContext call, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Actor.Kind != ActorKind.User || (call.ConfirmedAt is { } at && now - at < Lasts)
            ? null
            : new Failure(FailureKind.Forbidden, Code, "Confirm it's you first: enter your password again.");
    }
}
