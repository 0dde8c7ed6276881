using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>A person and the role that they hold in one place.</summary>
public sealed record MemberRow(Guid UserId, string Email, string DisplayName, Guid RoleId, string Role, bool IsActive, bool HasTwoFactor, DateTimeOffset Since);

/// <summary>Anybody who can sign in, for staff.</summary>
/// <param name="UserId">The person.</param>
/// <param name="Email">What they sign in with.</param>
/// <param name="DisplayName">How they are called.</param>
/// <param name="PlatformRole">Their role as staff; null for customers' people.</param>
/// <param name="Organisations">How many they belong to.</param>
/// <param name="IsActive">False: they can't sign in.</param>
/// <param name="HasTwoFactor">Codes are asked for.</param>
/// <param name="LastSeenAt">In their latest session; null for never.</param>
public sealed record PersonRow(Guid UserId, string Email, string DisplayName, string? PlatformRole, int Organisations, bool IsActive, bool HasTwoFactor, DateTimeOffset? LastSeenAt);

/// <summary>Lists people. Searches name and address; sorts by <c>name</c>, <c>email</c> or <c>since</c>.</summary>
public sealed class ListPeople(IBillingStore store)
{
    /// <summary>The members of an organisation, or staff when it is null. Needs <c>people:read</c>.</summary>
    public async Task<Result<PagedList<MemberRow>>> MembersAsync(CallContext call, Guid? organisationId, ListRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.PeopleRead) || (call.OrganisationId is { } own && own != organisationId))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (organisationId is { } id && !await db.Organisations.AnyAsync(row => row.Id == id, cancellationToken))
            return Failure.NotFound("organisation");
        var rows = db.RoleAssignments.AsNoTracking().Where(held => held.OrganisationId == organisationId);
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            var pattern = LikePattern.Containing(request.Search);
            rows = rows.Where(held => EF.Functions.Like(held.User!.Email!.ToLower(), pattern, @"\") || EF.Functions.Like(held.User.DisplayName.ToLower(), pattern, @"\"));
        }

        var total = request.WithTotal ? await rows.CountAsync(cancellationToken) : (int?)null;
        if (request.After is { } after)
            rows = rows.Where(held => held.UserId < after);
        var sorted = (request.Sort, request.Descending) switch
        {
            ("name", false) => rows.OrderBy(held => held.User!.DisplayName).ThenBy(held => held.UserId),
            ("name", true) => rows.OrderByDescending(held => held.User!.DisplayName).ThenBy(held => held.UserId),
            ("since", false) => rows.OrderBy(held => held.CreatedAt).ThenBy(held => held.UserId),
            _ => rows.OrderByDescending(held => held.UserId),
        };
        var fetched = await sorted.Skip(request.Skip).Take(request.Fetch)
            .Select(held => new MemberRow(held.UserId, held.User!.Email!, held.User.DisplayName, held.RoleId, held.Role!.Name, held.User.IsActive, held.User.TwoFactorEnabled, held.CreatedAt))
            .ToListAsync(cancellationToken);
        return PagedList<MemberRow>.Cut(fetched, request, total);
    }

    /// <summary>Everybody, or staff only. As staff with <c>people:read</c>.</summary>
    public async Task<Result<PagedList<PersonRow>>> EverybodyAsync(CallContext call, bool staffOnly, ListRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.PeopleRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rows = db.Users.AsNoTracking();
        if (staffOnly)
            rows = rows.Where(user => db.RoleAssignments.Any(held => held.UserId == user.Id && held.OrganisationId == null));
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            var pattern = LikePattern.Containing(request.Search);
            rows = rows.Where(user => EF.Functions.Like(user.Email!.ToLower(), pattern, @"\") || EF.Functions.Like(user.DisplayName.ToLower(), pattern, @"\"));
        }

        var total = request.WithTotal ? await rows.CountAsync(cancellationToken) : (int?)null;
        var sorted = (request.Sort, request.Descending) switch
        {
            ("name", false) => rows.OrderBy(user => user.DisplayName).ThenBy(user => user.Id),
            ("name", true) => rows.OrderByDescending(user => user.DisplayName).ThenBy(user => user.Id),
            _ => rows.OrderByDescending(user => user.Id),
        };
        var fetched = await sorted.Skip(request.Skip).Take(request.Fetch)
            .Select(user => new PersonRow(user.Id, user.Email!, user.DisplayName,
                db.RoleAssignments.Where(held => held.UserId == user.Id && held.OrganisationId == null).Select(held => held.Role!.Name).FirstOrDefault(),
                db.RoleAssignments.Count(held => held.UserId == user.Id && held.OrganisationId != null),
                user.IsActive, user.TwoFactorEnabled,
                db.UserSessions.Where(session => session.UserId == user.Id).Max(session => (DateTimeOffset?)session.LastSeenAt)))
            .ToListAsync(cancellationToken);
        return PagedList<PersonRow>.Cut(fetched, request, total);
    }
}
