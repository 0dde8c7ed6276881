using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>Who is to be a member, and as what.</summary>
/// <param name="OrganisationId">Where.</param>
/// <param name="Email">Somebody who can sign in already keeps their password.</param>
/// <param name="DisplayName">For somebody new; the part before the @ when left out.</param>
/// <param name="Role">owner, admin, billing or member.</param>
public sealed record MemberRequest(Guid OrganisationId, string Email, string? DisplayName, string Role);

/// <summary>A member. <paramref name="Password"/> is set for somebody new, and shown this once.</summary>
public sealed record AddedMember(Guid UserId, string Email, string Role, string? Password);

/// <summary>Makes a person a member of an organisation; somebody new gets a password.</summary>
public sealed class AddMember(IBillingStore store, CreateUser createUser, AssignRole assignRole, ILookupNormalizer normalizer)
{
    // Without what is easily misread: 0 O, 1 l I.
    private const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>Staff only. Fails with <c>not_found</c> for the organisation, or <c>invalid</c> by field.</summary>
    public async Task<Result<AddedMember>> RunAsync(CallContext call, MemberRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.PeopleWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        Guid roleId;
        Guid? known;
        await using (var db = await store.OpenAsync(call.Scope, cancellationToken))
        {
            if (!await db.Organisations.AnyAsync(row => row.Id == request.OrganisationId, cancellationToken))
                return Failure.NotFound("organisation");
            roleId = await db.Roles.Where(row => row.Kind == RoleKind.Organisation && row.Name == request.Role).Select(row => row.Id).SingleOrDefaultAsync(cancellationToken);
            if (roleId == Guid.Empty)
                return Failure.Invalid("role", "Choose owner, admin, billing or member.");
            var email = normalizer.NormalizeEmail(request.Email.Trim());
            known = await db.Users.Where(row => row.NormalizedEmail == email).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken);
        }

        string? password = null;
        if (known is null)
        {
            password = RandomNumberGenerator.GetString(Alphabet, 20);
            var made = await createUser.RunAsync(call, new UserRequest(request.Email, request.DisplayName ?? request.Email.Split('@')[0], password), cancellationToken);
            if (!made.Succeeded)
                return made.Failure;
            known = made.Value.Id;
        }

        var assigned = await assignRole.RunAsync(call, known.Value, roleId, request.OrganisationId, cancellationToken);
        return assigned.Succeeded ? new AddedMember(known.Value, request.Email.Trim(), request.Role, password) : assigned.Failure;
    }
}
