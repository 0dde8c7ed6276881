using Microsoft.AspNetCore.Identity;
using Portal.Core.Access;

namespace Portal.Access;

/// <summary>Holds <see cref="PasswordRules"/> wherever ASP.NET Core Identity sets a password.</summary>
internal sealed class UncommonPasswords : IPasswordValidator<User>
{
    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Task.FromResult(PasswordRules.Check(password ?? "", user.Email ?? "") is { } weak
            ? IdentityResult.Failed(new IdentityError { Code = weak.Code, Description = weak.Message })
            : IdentityResult.Success);
    }
}
