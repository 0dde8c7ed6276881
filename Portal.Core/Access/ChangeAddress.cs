using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Emails;
using Portal.Core.Kernel;
using Portal.Core.Outbox;

namespace Portal.Core.Access;

/// <summary>Gives a person another address to sign in with, once they have shown that they read its mail.</summary>
public sealed class ChangeAddress(IBillingStore store, ILookupNormalizer normalizer, TimeProvider clock)
{
    private static readonly AccessScope s_scope = new AccessScope.System("What a person signs in with belongs to no organisation");

    /// <summary>
    /// Mails a link to the new address. Whether somebody else has it is not said: then that mail is not sent. Asks for <see cref="StepUp"/>.
    /// Fails with <c>invalid</c>, or <c>too_many</c> in an hour.
    /// </summary>
    public async Task<Result<Unit>> AskAsync(CallContext call, string email, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(email);
        var now = clock.GetUtcNow();
        if (call.Actor is not { Kind: ActorKind.User, Id: { } userId })
            return Failure.Forbidden();
        if (StepUp.Check(call, now) is { } ask)
            return ask;
        email = email.Trim();
        if (!EmailAddress.IsValid(email))
            return Failure.Invalid("email", "Enter an email address, such as person@example.com.");
        var normalized = normalizer.NormalizeEmail(email);
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var anHourAgo = now.AddHours(-1);
        if (await db.AccountLinks.CountAsync(row => row.UserId == userId && row.Purpose == LinkPurpose.ChangeAddress && row.CreatedAt > anHourAgo, cancellationToken) >= ResetPassword.LinksPerHour)
            return Failure.Conflict("too_many", "Too many requests. Try again in an hour.");
        await db.AccountLinks.Where(row => row.UserId == userId && row.Purpose == LinkPurpose.ChangeAddress && row.ClosedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(column => column.ClosedAt, now), cancellationToken);
        var link = AccountLink.Create(userId, LinkPurpose.ChangeAddress, email, now);
        db.AccountLinks.Add(link);
        if (!await db.Users.AnyAsync(row => row.NormalizedEmail == normalized && row.Id != userId, cancellationToken))
            db.Outbox.Add(OutboxMessage.Create(OutboxKinds.AccountLink, link.Id, null, now));
        db.Audit(call, new AuditRecord("address.change_asked", "user", userId, null, After: new { Email = email }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }

    /// <summary>The address that the link of a mail would set; null when the link is no good.</summary>
    public async Task<string?> FindAsync(string? token, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        return await LinkSecret.FindAsync(db, token, cancellationToken) is { } id
            ? await db.AccountLinks.Where(row => row.Id == id && row.Purpose == LinkPurpose.ChangeAddress && row.ClosedAt == null && row.ExpiresAt > now).Select(row => row.Recipient).SingleOrDefaultAsync(cancellationToken)
            : null;
    }

    /// <summary>Sets the address of the mail. Fails with <c>link_gone</c>; so also when somebody else has it by now.</summary>
    public async Task<Result<string>> ConfirmAsync(CallContext call, string? token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        if (await LinkSecret.FindAsync(db, token, cancellationToken) is not { } id
            || await db.LockAsync<AccountLink>(id, cancellationToken) is not { Purpose: LinkPurpose.ChangeAddress } link || !link.IsGoodAt(now)
            || await db.LockAsync<User>(link.UserId, cancellationToken) is not { IsActive: true } user)
            return ResetPassword.Gone();
        var before = user.Email!;
        (user.Email, user.UserName, user.EmailConfirmed) = (link.Recipient, link.Recipient, true);
        (user.NormalizedEmail, user.NormalizedUserName) = (normalizer.NormalizeEmail(link.Recipient), normalizer.NormalizeName(link.Recipient));
        link.Close(now);
        db.Audit(call with { Actor = new Actor(ActorKind.User, user.Id, before) }, new AuditRecord("address.changed", "user", user.Id, null, new { Email = before }, new { Email = link.Recipient }), now);
        // Links that went to the old address must not outlive it.
        await db.AccountLinks.Where(row => row.UserId == user.Id && row.Id != link.Id && row.ClosedAt == null).ExecuteUpdateAsync(row => row.SetProperty(column => column.ClosedAt, now), cancellationToken);
        try
        {
            await db.CommitAsync(cancellationToken);
            return link.Recipient;
        }
        catch (UniqueViolationException)
        {
            return ResetPassword.Gone();
        }
    }
}
