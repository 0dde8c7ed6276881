using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;
using Portal.Core.Settings;

namespace Portal.Core.Access;

/// <summary>Reads what a person may do. This comes before any call context: it is what one is made from.</summary>
public sealed class GetAccess(IBillingStore store, TimeProvider clock)
{
    private static readonly AccessScope s_scope = new AccessScope.System("What a person may do is read before their scope is known");
    private static readonly IReadOnlySet<string> s_nothing = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Null when there is no such person.</summary>
    public Task<PersonAccess?> RunAsync(Guid userId, CancellationToken cancellationToken) => RunAsync(userId, null, cancellationToken);

    /// <summary>Says about the session, too: whether it has ended, and since when it is confirmed.</summary>
    public async Task<PersonAccess?> RunAsync(Guid userId, Guid? sessionId, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var access = await ReadAsync(db, userId, clock.GetUtcNow(), cancellationToken);
        if (access is null || sessionId is not { } id)
            return access;
        var session = await db.UserSessions.AsNoTracking().Where(row => row.Id == id && row.UserId == userId && row.EndedAt == null)
            .Select(row => new { row.ConfirmedAt }).SingleOrDefaultAsync(cancellationToken);
        return access with { HasEnded = session is null, ConfirmedAt = session?.ConfirmedAt };
    }

    internal static async Task<PersonAccess?> ReadAsync(IBillingDb db, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var person = await db.Users.AsNoTracking()
            .Where(user => user.Id == userId)
            .Select(user => new { user.Email, user.DisplayName, user.IsActive, user.SecurityStamp, user.TimeZone })
            .SingleOrDefaultAsync(cancellationToken);
        if (person is null)
            return null;
        var roles = await db.RoleAssignments.AsNoTracking()
            .Where(assignment => assignment.UserId == userId)
            .Select(assignment => new
            {
                assignment.OrganisationId,
                Organisation = db.Organisations.Where(row => row.Id == assignment.OrganisationId).Select(row => new { row.Name, row.Locale, row.TimeZone }).SingleOrDefault(),
                Role = assignment.Role!.Name,
                Permissions = assignment.Role.Permissions.Select(permission => permission.Permission).ToList(),
            })
            .ToListAsync(cancellationToken);
        var platform = person.IsActive ? roles.SingleOrDefault(role => role.OrganisationId is null) : null;
        var memberships = roles
            .Where(role => person.IsActive && role.OrganisationId is not null)
            .Select(role => new Membership(role.OrganisationId!.Value, role.Organisation!.Name, role.Role, Set(role.Permissions), role.Organisation.Locale, role.Organisation.TimeZone))
            .OrderBy(membership => membership.OrganisationName, StringComparer.OrdinalIgnoreCase).ThenBy(membership => membership.OrganisationId)
            .ToList();
        var zone = platform is null ? new PlatformSettings().TimeZone : (await db.PlatformSettingsAsync(cancellationToken)).TimeZone;
        return new PersonAccess(userId, person.Email!, person.DisplayName, person.IsActive, person.SecurityStamp,
            platform?.Role, platform is null ? s_nothing : Set(platform.Permissions), zone, memberships)
        {
            TimeZone = person.TimeZone,
            Viewing = platform?.Permissions.Contains(Permissions.OrganisationsRead) == true ? await ViewingAsync(db, userId, now, cancellationToken) : null,
        };
    }

    // What an owner may read, and nothing else.
    private static async Task<Membership?> ViewingAsync(IBillingDb db, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var viewing = await db.StaffViews.AsNoTracking()
            .Where(view => view.UserId == userId && view.EndedAt == null && view.EndsAt > now)
            .Join(db.Organisations, view => view.OrganisationId, organisation => organisation.Id, (view, organisation) => new { view.EndsAt, Organisation = organisation })
            .SingleOrDefaultAsync(cancellationToken);
        if (viewing is not { Organisation: var organisation })
            return null;
        var readable = SystemRoles.All.Single(role => role.Id == SystemRoles.Owner).Permissions.Select(held => held.Permission).Where(Permissions.IsReading);
        return new Membership(organisation.Id, organisation.Name, "viewing", readable.ToHashSet(StringComparer.Ordinal), organisation.Locale, organisation.TimeZone) { ViewEndsAt = viewing.EndsAt };
    }

    private static HashSet<string> Set(List<string> permissions) => permissions.ToHashSet(StringComparer.Ordinal);
}
