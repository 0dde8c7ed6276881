using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Outbox;

namespace Portal.Core.Access;

/// <summary>
/// A way back in for who forgot their password: a link by mail, then a new password. Asking answers nothing, so that nobody learns who is
/// known here. It does not sign in: the second step is asked for as ever.
/// </summary>
public sealed class ResetPassword(IBillingStore store, IPasswordHasher<User> hasher, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>Mails to one person in an hour, at most.</summary>
    public const int LinksPerHour = 3;

    private static readonly AccessScope s_scope = new AccessScope.System("Who forgot their password is nobody yet");

    /// <summary>Mails a link to a person who is active; to nobody else. Deactivated, unknown, or asked too often: nothing happens.</summary>
    public async Task AskAsync(CallContext call, string email, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(email);
        var now = clock.GetUtcNow();
        var normalized = normalizer.NormalizeEmail(email.Trim());
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var user = await db.Users.AsNoTracking().Where(row => row.NormalizedEmail == normalized && row.IsActive).Select(row => new { row.Id, row.Email }).SingleOrDefaultAsync(cancellationToken);
        if (user is null)
            return;
        var anHourAgo = now.AddHours(-1);
        if (await db.AccountLinks.CountAsync(row => row.UserId == user.Id && row.Purpose == LinkPurpose.ResetPassword && row.CreatedAt > anHourAgo, cancellationToken) >= LinksPerHour)
            return;
        var link = AccountLink.Create(user.Id, LinkPurpose.ResetPassword, user.Email!, now);
        db.AccountLinks.Add(link);
        db.Outbox.Add(OutboxMessage.Create(OutboxKinds.AccountLink, link.Id, null, now));
        db.Audit(call, new AuditRecord("password.reset_asked", "user", user.Id, null), now);
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>True while the link of a mail can be used.</summary>
    public async Task<bool> IsGoodAsync(string? token, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        return await LinkSecret.FindAsync(db, token, cancellationToken) is { } id
            && await db.AccountLinks.AnyAsync(row => row.Id == id && row.Purpose == LinkPurpose.ResetPassword && row.ClosedAt == null && row.ExpiresAt > now, cancellationToken);
    }

    /// <summary>Sets the password and ends all sessions. Fails with <c>link_gone</c>, or <c>invalid</c> for the password.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, string? token, string password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        if (await LinkSecret.FindAsync(db, token, cancellationToken) is not { } id
            || await db.LockAsync<AccountLink>(id, cancellationToken) is not { Purpose: LinkPurpose.ResetPassword } link || !link.IsGoodAt(now)
            || await db.LockAsync<User>(link.UserId, cancellationToken) is not { IsActive: true } user)
            return Gone();
        if (PasswordRules.Check(password, user.Email!) is { } weak)
            return weak;
        user.PasswordHash = hasher.HashPassword(user, password);
        user.SecurityStamp = Guid.CreateVersion7(now).ToString("n");
        // The mail has reached them, so the address is theirs; and whoever locked them out has no say any more.
        (user.EmailConfirmed, user.AccessFailedCount, user.LockoutEnd) = (true, 0, null);
        link.Close(now);
        await db.AccountLinks.Where(row => row.UserId == user.Id && row.Id != link.Id && row.ClosedAt == null).ExecuteUpdateAsync(row => row.SetProperty(column => column.ClosedAt, now), cancellationToken);
        await Sessions.EndAllAsync(db, user.Id, null, now, cancellationToken);
        db.Audit(call with { Actor = new Actor(ActorKind.User, user.Id, user.Email!) }, new AuditRecord("password.reset", "user", user.Id, null), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }

    internal static Failure Gone() => Failure.Conflict("link_gone", "This link was already used or has expired. Request a new one.");
}
