namespace Portal.Core.Access;

/// <summary>What sort of actor a call comes from; stored as text in the audit log.</summary>
public enum ActorKind
{
    User,
    ApiKey,
    Job,
}

/// <summary>Who acts.</summary>
/// <param name="Kind">A person, a key or a job.</param>
/// <param name="Id">The user's or key's id; null for jobs.</param>
/// <param name="Name">For the audit log: a mail address, a key's public prefix or a job's name.</param>
public sealed record Actor(ActorKind Kind, Guid? Id, string Name);

/// <summary>How far a call may reach. One of three: one organisation, staff, or the system with a written reason.</summary>
public abstract record AccessScope
{
    private AccessScope() { }

    /// <summary>Sees the rows of one organisation; the database's row-level security holds it there.</summary>
    public sealed record Organisation(Guid OrganisationId) : AccessScope
    {
        /// <summary>True: staff look at it as its people do. Nothing but reading is allowed, and the database holds the session to that.</summary>
        public bool IsReadOnly { get; init; }
    }

    /// <summary>Sees every organisation; for signed-in staff and admin keys.</summary>
    public sealed record Staff : AccessScope;

    /// <summary>Sees every organisation, without a person; for jobs.</summary>
    /// <param name="Reason">Why this needs to reach everywhere.</param>
    public sealed record System(string Reason) : AccessScope;
}

/// <summary>Goes with every call into the domain: who, how far, and from where.</summary>
/// <param name="Actor">Who acts.</param>
/// <param name="Scope">How far the call reaches.</param>
/// <param name="Permissions">What the actor may do, as <c>resource:action</c>; ignored for the system scope.</param>
/// <param name="CorrelationId">Ties log lines, audit rows and problem details together.</param>
/// <param name="IpAddress">The caller's address, when there is one.</param>
/// <param name="UserAgent">The caller's user agent, when there is one.</param>
public sealed record CallContext(
    Actor Actor,
    AccessScope Scope,
    IReadOnlySet<string> Permissions,
    string CorrelationId,
    string? IpAddress = null,
    string? UserAgent = null)
{
    /// <summary>The session of a person's call; null for keys and jobs.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>When the person of the session last proved who they are; see <see cref="StepUp"/>.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>A job's own call; <paramref name="reason"/> says why it reaches every organisation.</summary>
    public static CallContext System(string job, string reason) => new(
        new Actor(ActorKind.Job, null, job), new AccessScope.System(reason), new HashSet<string>(), Guid.CreateVersion7().ToString("n"));

    /// <summary>True for staff who look at an organisation as its people do.</summary>
    public bool IsReadOnly => Scope is AccessScope.Organisation { IsReadOnly: true };

    /// <summary>True when the actor holds the permission, or the system acts. In a scope for reading only, what is not reading is never allowed.</summary>
    public bool May(string permission) => Scope is AccessScope.System || (Permissions.Contains(permission) && (!IsReadOnly || Access.Permissions.IsReading(permission)));

    /// <summary>The one organisation of the scope, or null for staff and system.</summary>
    public Guid? OrganisationId => (Scope as AccessScope.Organisation)?.OrganisationId;

    /// <summary>The same actor reaching one organisation only.</summary>
    public CallContext Within(Guid organisationId) => this with { Scope = new AccessScope.Organisation(organisationId) { IsReadOnly = IsReadOnly } };
}
