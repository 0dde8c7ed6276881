using System.Net.Mail;
using Microsoft.AspNetCore.Identity;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>A new person. They hold no role until one is assigned.</summary>
/// <param name="Email">What they sign in with; unique, without regard to case.</param>
/// <param name="DisplayName">1 to 100 characters.</param>
/// <param name="Password">See <see cref="PasswordRules"/>.</param>
public sealed record UserRequest(string Email, string DisplayName, string Password);

/// <summary>Makes a person who can sign in.</summary>
public sealed class CreateUser(IBillingStore store, IPasswordHasher<User> hasher, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>Fails with <c>invalid</c> by field, or <c>email_taken</c>.</summary>
    public async Task<Result<User>> RunAsync(CallContext call, UserRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.PeopleWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (Check(request) is { Count: > 0 } failures)
            return failures;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var user = Add(db, call, request);
        try
        {
            await db.CommitAsync(cancellationToken);
            return user;
        }
        catch (UniqueViolationException)
        {
            return EmailTaken();
        }
    }

    internal static Failure EmailTaken() => new(FailureKind.Conflict, "email_taken", "Someone with this email address already exists.", "email");

    internal static List<Failure> Check(UserRequest request)
    {
        var failures = new List<Failure>();
        var email = request.Email.Trim();
        if (email.Length > 254 || !MailAddress.TryCreate(email, out var address) || address.Address != email)
            failures.Add(Failure.Invalid("email", "Enter an email address, such as person@example.com."));
        if (request.DisplayName.Trim().Length is 0 or > 100)
            failures.Add(Failure.Invalid("displayName", "Enter a name of 1 to 100 characters."));
        if (PasswordRules.Check(request.Password, email) is { } weak)
            failures.Add(weak);
        return failures;
    }

    /// <summary>Adds the person and the audit row to the session.</summary>
    internal User Add(IBillingDb db, CallContext call, UserRequest request)
    {
        var now = clock.GetUtcNow();
        var user = User.Create(request.Email.Trim(), request.DisplayName.Trim(), now);
        user.NormalizedEmail = normalizer.NormalizeEmail(user.Email);
        user.NormalizedUserName = normalizer.NormalizeName(user.UserName);
        user.SecurityStamp = Guid.CreateVersion7(now).ToString("n");
        user.PasswordHash = hasher.HashPassword(user, request.Password);
        db.Users.Add(user);
        db.Audit(call, new AuditRecord("user.created", "user", user.Id, null, After: new { user.Email, user.DisplayName }), now);
        return user;
    }
}
