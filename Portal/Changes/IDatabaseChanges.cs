namespace Portal.Changes;

/// <summary>
/// Tells this process what changed in the database, on whichever node it was changed: the database's triggers notify, one connection
/// listens. A message is a hint, never a fact: whoever hears it reads the row again.
/// </summary>
public interface IDatabaseChanges
{
    /// <summary>
    /// True while the connection is known to hear: it answered within the last half second. What is cached on the strength of
    /// these messages must not be trusted while this is false.
    /// </summary>
    bool IsCurrent { get; }

    /// <summary>Counts how often the connection began to listen; what was read under an older number may have missed a message.</summary>
    int Epoch { get; }

    /// <summary>
    /// Calls <paramref name="changed"/> for every message of a kind (see <see cref="ChangeKinds"/>), with the row's id where the kind
    /// has one. Calls <paramref name="missed"/> each time the connection has begun to listen, the first time included: messages before
    /// that may be lost, so read anew what matters. Both run on the listening thread, one after another: be brief, start work elsewhere.
    /// Dispose to end.
    /// </summary>
    IDisposable Subscribe(string kind, Action<Guid?> changed, Action? missed = null);
}

/// <summary>The kinds of message that the database's triggers send.</summary>
public static class ChangeKinds
{
    /// <summary>A project key was revoked, rotated, or its scopes, limit or expiry changed; with its id.</summary>
    public const string ApiKey = "api_key";

    /// <summary>A project was activated or deactivated; with its id.</summary>
    public const string Project = "project";

    /// <summary>An organisation changed; with its id.</summary>
    public const string Organisation = "organisation";

    /// <summary>An issued invoice changed its status or what is paid; with its id.</summary>
    public const string Invoice = "invoice";

    /// <summary>A billing run began or moved on; with its id.</summary>
    public const string BillingRun = "billing_run";

    /// <summary>A simulation began or moved on; with its id.</summary>
    public const string Simulation = "simulation";

    /// <summary>A ticket was opened, written to, noted on, sorted or moved; with its id.</summary>
    public const string Ticket = "ticket";

    /// <summary>An organisation's prepaid credits moved; with the organisation's id.</summary>
    public const string PrepaidCredits = "prepaid";

    /// <summary>Something waits in the outbox; no id.</summary>
    public const string Outbox = "outbox";

    /// <summary>A message of the payment provider waits to be processed; no id.</summary>
    public const string ProviderEvents = "provider_events";
}
