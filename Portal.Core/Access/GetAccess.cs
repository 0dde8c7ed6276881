using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;
using Portal.Core.Settings;

namespace Portal.Core.Access;

/// <summary>Reads what a person may do. This comes before any call context: it is what one is made from.</summary>
public sealed class GetAccess(IBillingStore store)
{
    private static readonly AccessScope s_scope = new AccessScope.System("What a person may do is read before their scope is known");
    private static readonly IReadOnlySet<string> s_nothing = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Null when there is no such person.</summary>
    public async Task<PersonAccess?> RunAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        return await ReadAsync(db, userId, cancellationToken);
    }

    internal static async Task<PersonAccess?> ReadAsync(IBillingDb db, Guid userId, CancellationToken cancellationToken)
    {
        var person = await db.Users.AsNoTracking()
            .Where(user => user.Id == userId)
            .Select(user => new { user.Email, user.DisplayName, user.IsActive, user.SecurityStamp })
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
            platform?.Role, platform is null ? s_nothing : Set(platform.Permissions), zone, memberships);
    }

    private static HashSet<string> Set(List<string> permissions) => permissions.ToHashSet(StringComparer.Ordinal);
}
