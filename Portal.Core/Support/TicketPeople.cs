using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Support;

/// <summary>Who acts on a ticket.</summary>
/// <param name="Author">For the customer or for staff: decided by how far the call reaches.</param>
/// <param name="UserId">The person; null for a key or a job.</param>
/// <param name="Name">How they are called.</param>
/// <param name="Email">Where they read mail; null for a key or a job.</param>
internal sealed record TicketPerson(TicketAuthor Author, Guid? UserId, string Name, string? Email)
{
    public static async Task<TicketPerson> OfAsync(IBillingDb db, CallContext call, CancellationToken cancellationToken)
    {
        var author = call.OrganisationId is null ? TicketAuthor.Staff : TicketAuthor.Customer;
        if (call.Actor is not { Kind: ActorKind.User, Id: { } id })
            return new TicketPerson(author, null, call.Actor.Name, null);
        var person = await db.Users.Where(user => user.Id == id).Select(user => new { user.DisplayName, user.Email }).SingleOrDefaultAsync(cancellationToken);
        return person is null ? new TicketPerson(author, null, call.Actor.Name, null) : new TicketPerson(author, id, person.DisplayName, person.Email);
    }
}

/// <summary>Somebody who can look after tickets.</summary>
public sealed record TicketAgent(Guid UserId, string Name);

/// <summary>The people of staff who may answer tickets, by name.</summary>
public sealed class ListTicketAgents(IBillingStore store)
{
    /// <summary>Needs <c>support:read</c>, as staff.</summary>
    public async Task<Result<IReadOnlyList<TicketAgent>>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SupportRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return Result<IReadOnlyList<TicketAgent>>.From(await Agents(db).OrderBy(user => user.DisplayName).Take(200).Select(user => new TicketAgent(user.Id, user.DisplayName)).ToListAsync(cancellationToken));
    }

    internal static IQueryable<User> Agents(IBillingDb db) => db.Users
        .Where(user => user.IsActive && db.RoleAssignments.Any(held => held.UserId == user.Id && held.OrganisationId == null && held.Role!.Permissions.Any(allowed => allowed.Permission == Permissions.SupportWrite)));
}
