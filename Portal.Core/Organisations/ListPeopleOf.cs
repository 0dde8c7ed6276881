using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Organisations;

/// <summary>A person of an organisation.</summary>
public sealed record PersonRow(Guid UserId, string Name, string Email, string Role, bool IsActive, DateTimeOffset Since);

/// <summary>The people of an organisation, by name. Searches name and mail address.</summary>
public sealed class ListPeopleOf(IBillingStore store)
{
    /// <summary>Needs <c>people:read</c>.</summary>
    public async Task<Result<PagedList<PersonRow>>> RunAsync(CallContext call, Guid organisationId, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.PeopleRead) || (call.OrganisationId is { } own && own != organisationId))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var held = db.RoleAssignments.AsNoTracking().Where(role => role.OrganisationId == organisationId);
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var pattern = LikePattern.Containing(list.Search);
            held = held.Where(role => EF.Functions.Like(role.User!.DisplayName.ToLower(), pattern, @"\") || EF.Functions.Like(role.User.Email!.ToLower(), pattern, @"\"));
        }

        int? total = list.WithTotal ? await held.CountAsync(cancellationToken) : null;
        var rows = await held.OrderBy(role => role.User!.DisplayName).ThenBy(role => role.Id).Skip(list.Skip).Take(list.Fetch)
            .Select(role => new PersonRow(role.UserId, role.User!.DisplayName, role.User.Email!, role.Role!.Name, role.User.IsActive, role.CreatedAt))
            .ToListAsync(cancellationToken);
        return PagedList<PersonRow>.Cut(rows, list, total);
    }
}
