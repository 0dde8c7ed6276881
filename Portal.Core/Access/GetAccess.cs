using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;
using Portal.Core.Settings;

namespace Portal.Core.Access;

/// <summary>Reads what a person may do. This comes before any call context: it is what one is made from.</summary>
public sealed class GetAccess(IBillingStore store, TimeProvider clock)
{
    private static readonly AccessScope s_scope = new AccessScope.System("What a person may do is read before their scope is known");
    private static readonly IReadOnlySet<string> s_nothing = new HashSet<string>(StringComparer.Ordinal);

    // What an owner may read, and nothing else.
    private static readonly IReadOnlySet<string> s_readable = SystemRoles.All.Single(role => role.Id == SystemRoles.Owner).Permissions
        .Select(held => held.Permission).Where(Permissions.IsReading).ToHashSet(StringComparer.Ordinal);

    /// <summary>Null when there is no such person.</summary>
    public Task<PersonAccess?> RunAsync(Guid userId, CancellationToken cancellationToken) => RunAsync(userId, null, cancellationToken);

    /// <summary>Says about the session, too: whether it has ended, and since when it is confirmed.</summary>
    public async Task<PersonAccess?> RunAsync(Guid userId, Guid? sessionId, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        return await ReadAsync(db, userId, sessionId, clock.GetUtcNow(), cancellationToken);
    }

    internal static Task<PersonAccess?> ReadAsync(IBillingDb db, Guid userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync(db, userId, null, now, cancellationToken);

    // One question, as every page begins with it: a row for each role of the person, one without a role for who has none.
    private static async Task<PersonAccess?> ReadAsync(IBillingDb db, Guid userId, Guid? sessionId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await db.Users.AsNoTracking().Where(user => user.Id == userId)
            .SelectMany(user => db.RoleAssignments.Where(assignment => assignment.UserId == user.Id).DefaultIfEmpty(), (user, assignment) => new
            {
                user.Email,
                user.DisplayName,
                user.IsActive,
                user.SecurityStamp,
                user.TimeZone,
                Role = (string?)assignment!.Role!.Name,
                assignment.OrganisationId,
                Permissions = db.RolePermissions.Where(held => held.RoleId == assignment.RoleId).GroupBy(held => held.RoleId)
                    .Select(role => string.Join(' ', role.Select(held => held.Permission))).FirstOrDefault(),
                Organisation = db.Organisations.Where(row => row.Id == assignment.OrganisationId).Select(row => new { row.Name, row.Locale, row.TimeZone }).FirstOrDefault(),
                Settings = db.Settings.Where(setting => setting.Key == PlatformSettings.Key && assignment.OrganisationId == null).Select(setting => setting.Value).FirstOrDefault(),
                Viewed = db.StaffViews.Where(view => view.UserId == user.Id && view.EndedAt == null && view.EndsAt > now)
                    .Join(db.Organisations, view => view.OrganisationId, row => row.Id, (view, row) => new { view.EndsAt, row.Id, row.Name, row.Locale, row.TimeZone }).FirstOrDefault(),
                Session = db.UserSessions.Where(session => session.Id == sessionId && session.UserId == user.Id && session.EndedAt == null).Select(session => new { session.ConfirmedAt }).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        if (rows.FirstOrDefault() is not { } person)
            return null;
        var held = person.IsActive ? rows.Where(row => row.Role is not null).ToList() : [];
        var platform = held.SingleOrDefault(row => row.OrganisationId is null);
        var permissions = platform is null ? s_nothing : Set(platform.Permissions);
        return new PersonAccess(
            userId, person.Email!, person.DisplayName, person.IsActive, person.SecurityStamp, platform?.Role, permissions,
            platform is null ? new PlatformSettings().TimeZone : SettingsStore.Read(platform.Settings).TimeZone,
            [
                .. held.Where(row => row.OrganisationId is not null)
                    .Select(row => new Membership(row.OrganisationId!.Value, row.Organisation!.Name, row.Role!, Set(row.Permissions), row.Organisation.Locale, row.Organisation.TimeZone))
                    .OrderBy(membership => membership.OrganisationName, StringComparer.OrdinalIgnoreCase).ThenBy(membership => membership.OrganisationId),
            ])
        {
            TimeZone = person.TimeZone,
            HasEnded = sessionId is not null && person.Session is null,
            ConfirmedAt = person.Session?.ConfirmedAt,
            Viewing = permissions.Contains(Permissions.OrganisationsRead) && person.Viewed is { } viewed
                ? new Membership(viewed.Id, viewed.Name, "viewing", s_readable, viewed.Locale, viewed.TimeZone) { ViewEndsAt = viewed.EndsAt }
                : null,
        };
    }

    private static HashSet<string> Set(string? permissions) => (permissions ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
}
