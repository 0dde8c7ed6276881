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

    /// <summary>IANA zone that the person reads dates in; null: the organisation's, or the platform's.</summary>
    public string? TimeZone { get; private set; }

    /// <summary>The key of their authenticator app, sealed; null without one.</summary>
    public string? TotpKey { get; private set; }

    /// <summary>The last step whose code was used: it and those before don't count again.</summary>
    public long? TotpLastStep { get; private set; }

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

    internal void ChangeProfile(string displayName, string? timeZone) => (DisplayName, TimeZone) = (displayName, timeZone);

    internal void Activate(bool isActive) => IsActive = isActive;

    internal void TurnOnTwoFactor(string sealedKey, long step) => (TotpKey, TotpLastStep, TwoFactorEnabled) = (sealedKey, step, true);

    internal void TurnOffTwoFactor() => (TotpKey, TotpLastStep, TwoFactorEnabled) = (null, null, false);

    internal void UseStep(long step) => TotpLastStep = step;

    /// <summary>A wrong try; true when it was the one too many.</summary>
    internal bool Fail(LockoutRules rules, DateTimeOffset now)
    {
        AccessFailedCount++;
        if (AccessFailedCount < rules.Tries)
            return false;
        (AccessFailedCount, LockoutEnd) = (0, now.AddMinutes(rules.Minutes));
        return true;
    }

    internal bool IsLockedAt(DateTimeOffset now) => LockoutEnd > now;
}
