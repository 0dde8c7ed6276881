namespace Portal.Core.Access;

/// <summary>What a person may do, as it stands in the database.</summary>
/// <param name="UserId">The person.</param>
/// <param name="Email">The address that they sign in with.</param>
/// <param name="DisplayName">How they are called on screen.</param>
/// <param name="IsActive">False: they may do nothing.</param>
/// <param name="SecurityStamp">Changes with what they sign in with; a session with another stamp has ended.</param>
/// <param name="PlatformRole">Their role as staff; null for those who are not.</param>
/// <param name="PlatformPermissions">What they may do as staff.</param>
/// <param name="PlatformTimeZone">IANA zone that staff read dates in.</param>
/// <param name="Memberships">The organisations that they belong to, by name.</param>
public sealed record PersonAccess(
    Guid UserId,
    string Email,
    string DisplayName,
    bool IsActive,
    string? SecurityStamp,
    string? PlatformRole,
    IReadOnlySet<string> PlatformPermissions,
    string PlatformTimeZone,
    IReadOnlyList<Membership> Memberships)
{
    /// <summary>IANA zone that they chose to read dates in; null for none.</summary>
    public string? TimeZone { get; init; }

    /// <summary>True when the session that was asked about has ended, or never was.</summary>
    public bool HasEnded { get; init; }

    /// <summary>When the person of that session last proved who they are.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>True for people with a role on the platform.</summary>
    public bool IsStaff => PlatformRole is not null;

    /// <summary>The organisation that staff look at as its people do, for reading only; null when they don't.</summary>
    public Membership? Viewing { get; init; }

    /// <summary>The person's part in an organisation, or null when they have none. Where staff view it, that comes before a part of their own.</summary>
    public Membership? In(Guid organisationId) => Viewing?.OrganisationId == organisationId ? Viewing : Memberships.FirstOrDefault(membership => membership.OrganisationId == organisationId);

    /// <summary>True when both say the same about who may do what; names and roles included.</summary>
    public bool SameAs(PersonAccess other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IsActive == other.IsActive
            && string.Equals(SecurityStamp, other.SecurityStamp, StringComparison.Ordinal)
            && string.Equals(DisplayName, other.DisplayName, StringComparison.Ordinal)
            && string.Equals(TimeZone, other.TimeZone, StringComparison.Ordinal)
            && string.Equals(PlatformRole, other.PlatformRole, StringComparison.Ordinal)
            && PlatformPermissions.SetEquals(other.PlatformPermissions)
            && (Viewing is null ? other.Viewing is null : other.Viewing is not null && Viewing.SameAs(other.Viewing))
            && Memberships.Count == other.Memberships.Count
            && Memberships.Zip(other.Memberships).All(pair => pair.First.SameAs(pair.Second));
    }
}

/// <summary>A person's part in one organisation.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="OrganisationName">Its name.</param>
/// <param name="Role">The role's name, e.g. <c>owner</c>.</param>
/// <param name="Permissions">What the role allows there.</param>
/// <param name="Locale">BCP 47 tag that the organisation's money and dates are written in.</param>
/// <param name="TimeZone">IANA zone that its months are cut in.</param>
public sealed record Membership(Guid OrganisationId, string OrganisationName, string Role, IReadOnlySet<string> Permissions, string Locale, string TimeZone)
{
    /// <summary>Set while staff view the organisation as its people do: when that ends by itself.</summary>
    public DateTimeOffset? ViewEndsAt { get; init; }

    internal bool SameAs(Membership other) => OrganisationId == other.OrganisationId
        && ViewEndsAt == other.ViewEndsAt
        && string.Equals(Role, other.Role, StringComparison.Ordinal)
        && string.Equals(OrganisationName, other.OrganisationName, StringComparison.Ordinal)
        && Permissions.SetEquals(other.Permissions);
}
