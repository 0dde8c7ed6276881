using Microsoft.AspNetCore.Identity;

namespace Portal.Core.Access;

/// <summary>A person who can sign in: staff, a customer's member, or both.</summary>
public sealed class User : IdentityUser<Guid>
{
    private User() { }

    /// <summary>How the person is called on screen.</summary>
    public string DisplayName { get; private set; } = "";

    /// <summary>False: the person can't sign in and open circuits end within a minute.</summary>
    public bool IsActive { get; private set; } = true;

    public DateTimeOffset CreatedAt { get; private set; }

    public static User Create(string email, string displayName, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        UserName = email,
        Email = email,
        EmailConfirmed = true,
        DisplayName = displayName,
        LockoutEnabled = true,
        CreatedAt = now,
    };
}
