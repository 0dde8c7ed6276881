using System.Security.Cryptography;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>A person with the platform's <c>admin</c> role. <paramref name="Password"/> is shown this once.</summary>
public sealed record FirstAdmin(Guid UserId, string Email, string Password);

/// <summary>Makes a platform admin with a generated password; for the command line, where whoever runs it owns the machine.</summary>
public sealed class CreateFirstAdmin(IBillingStore store, CreateUser createUser, TimeProvider clock)
{
    // Without what is easily misread: 0 O, 1 l I.
    private const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>Fails with <c>invalid</c>, or <c>email_taken</c>.</summary>
    public async Task<Result<FirstAdmin>> RunAsync(string email, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(email);
        var call = CallContext.System("create-admin", "The first admin is made from the command line");
        var password = RandomNumberGenerator.GetString(Alphabet, 20);
        var request = new UserRequest(email, email.Trim().Split('@')[0], password);
        if (CreateUser.Check(request) is { Count: > 0 } failures)
            return failures;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var user = createUser.Add(db, call, request);
        var now = clock.GetUtcNow();
        db.RoleAssignments.Add(RoleAssignment.Create(user.Id, SystemRoles.Admin, null, now));
        db.Audit(call, new AuditRecord("role.assigned", "user", user.Id, null, After: new { Role = "admin" }), now);
        try
        {
            await db.CommitAsync(cancellationToken);
            return new FirstAdmin(user.Id, user.Email!, password);
        }
        catch (UniqueViolationException)
        {
            return CreateUser.EmailTaken();
        }
    }
}
