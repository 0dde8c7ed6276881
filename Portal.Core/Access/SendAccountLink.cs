using Microsoft.EntityFrameworkCore;
using Portal.Core.Emails;
using Portal.Core.Kernel;
using Portal.Core.Outbox;
using Portal.Core.Settings;

namespace Portal.Core.Access;

/// <summary>Mails a link to reset a password or to confirm an address. The link's secret is made here and is kept nowhere but in the mail.</summary>
public sealed class SendAccountLink(IBillingStore store, SendEmail send, IPortalLinks links, TimeProvider clock) : IOutboxHandler
{
    private static readonly CallContext s_call = CallContext.System("outbox", "a person's mails belong to no organisation");

    public string Kind => OutboxKinds.AccountLink;

    public async Task<OutboxOutcome> HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        EmailRequest request;
        await using (var db = await store.OpenAsync(s_call.Scope, cancellationToken))
        {
            if (await db.AccountLinks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == message.SubjectId, cancellationToken) is not { } link)
                return new OutboxOutcome.Hopeless("There is no such link.");
            var template = TemplateOf(link.Purpose);
            var isSettled = await db.Emails.AnyAsync(row => row.SubjectId == link.Id && row.Template == template && row.Status != EmailStatus.Pending, cancellationToken);
            if (isSettled || !link.IsGoodAt(clock.GetUtcNow()))
                return new OutboxOutcome.Done();
            var (token, secret) = LinkSecret.Make(link.Id);
            db.LinkSecrets.Add(secret);
            var seller = (await db.PlatformSettingsAsync(cancellationToken)).Seller.LegalName;
            await db.CommitAsync(cancellationToken);
            var content = link.Purpose switch
            {
                LinkPurpose.ResetPassword => PeopleMails.ResetPassword(seller, links.ResetPassword(token)),
                LinkPurpose.ChangeAddress => PeopleMails.ConfirmAddress(seller, links.ConfirmAddress(token)),
            };
            request = new EmailRequest(template, link.Id, null, link.Recipient, content, null, []);
        }

        return await send.RunAsync(s_call, request, cancellationToken);
    }

    public async Task GivenUpAsync(OutboxMessage message, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        foreach (var purpose in Enum.GetValues<LinkPurpose>())
            await send.GiveUpAsync(s_call, TemplateOf(purpose), message.SubjectId, reason, cancellationToken);
    }

    private static string TemplateOf(LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.ResetPassword => EmailTemplates.ResetPassword,
        LinkPurpose.ChangeAddress => EmailTemplates.ConfirmAddress,
    };
}
