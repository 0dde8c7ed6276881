using Microsoft.EntityFrameworkCore;
using Portal.Core.Emails;
using Portal.Core.Kernel;
using Portal.Core.Outbox;
using Portal.Core.Settings;

namespace Portal.Core.Access;

/// <summary>Mails an invitation. The link's secret is made here and is kept nowhere but in the mail.</summary>
public sealed class SendInvitation(IBillingStore store, SendEmail send, IPortalLinks links, TimeProvider clock) : IOutboxHandler
{
    private static readonly CallContext s_call = CallContext.System("outbox", "mails of every organisation leave from one place");

    public string Kind => OutboxKinds.Invitation;

    public async Task<OutboxOutcome> HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (await send.IsSettledAsync(s_call, EmailTemplates.Invitation, message.SubjectId, cancellationToken))
            return new OutboxOutcome.Done();
        EmailRequest request;
        await using (var db = await store.OpenAsync(s_call.Scope, cancellationToken))
        {
            var row = await db.Invitations.AsNoTracking().Where(one => one.LinkId == message.SubjectId)
                .Select(one => new
                {
                    Invitation = one,
                    Role = one.Role!.Name,
                    Organisation = db.Organisations.Where(organisation => organisation.Id == one.OrganisationId).Select(organisation => organisation.Name).SingleOrDefault(),
                    IsKnown = db.Users.Any(user => user.NormalizedEmail == one.NormalizedEmail),
                }).SingleOrDefaultAsync(cancellationToken);
            // Sent anew, revoked, accepted or too old by now: this mail would lead nowhere.
            if (row is null || row.Invitation.StateAt(clock.GetUtcNow()) != InvitationState.Pending)
                return new OutboxOutcome.Done();
            var (token, secret) = LinkSecret.Make(message.SubjectId);
            db.LinkSecrets.Add(secret);
            var seller = (await db.PlatformSettingsAsync(cancellationToken)).Seller.LegalName;
            await db.CommitAsync(cancellationToken);
            request = new EmailRequest(EmailTemplates.Invitation, message.SubjectId, row.Invitation.OrganisationId, row.Invitation.Email,
                PeopleMails.Invitation(seller, row.Organisation, row.Role, row.Invitation.InvitedBy, links.Invitation(token), row.IsKnown), null, []);
        }

        return await send.RunAsync(s_call, request, cancellationToken);
    }

    public Task GivenUpAsync(OutboxMessage message, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return send.GiveUpAsync(s_call, EmailTemplates.Invitation, message.SubjectId, reason, cancellationToken);
    }
}
