using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>A person's own facts.</summary>
/// <param name="Email">What they sign in with.</param>
/// <param name="DisplayName">How they are called on screen.</param>
/// <param name="TimeZone">IANA zone that they read dates in; null: that of the organisation or the platform.</param>
public sealed record Profile(string Email, string DisplayName, string? TimeZone);

/// <summary>Reads and changes one's own name and time zone.</summary>
public sealed class ChangeProfile(IBillingStore store, TimeProvider clock)
{
    private static readonly AccessScope s_scope = new AccessScope.System("A person's own facts belong to no organisation");

    public async Task<Result<Profile>> ReadAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        return await db.Users.Where(row => row.Id == userId).Select(row => new Profile(row.Email!, row.DisplayName, row.TimeZone)).SingleAsync(cancellationToken);
    }

    /// <summary>Fails with <c>invalid</c> by field.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, string displayName, string? timeZone, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(displayName);
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        var name = displayName.Trim();
        if (name.Length is 0 or > 100)
            return Failure.Invalid("displayName", "Enter a name of 1 to 100 characters.");
        var zone = string.IsNullOrEmpty(timeZone) ? null : timeZone;
        if (zone is not null && (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known) || !(known.HasIanaId || zone == "UTC")))
            return Failure.Invalid("timeZone", "Enter an IANA zone, such as Asia/Kolkata.");
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var user = (await db.LockAsync<User>(userId, cancellationToken))!;
        var before = new { user.DisplayName, user.TimeZone };
        user.ChangeProfile(name, zone);
        db.Audit(call, new AuditRecord("profile.changed", "user", userId, null, before, new { user.DisplayName, user.TimeZone }), clock.GetUtcNow());
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
